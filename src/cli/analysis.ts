import type { Request } from '../canonical/index.js'
import { classify } from '../classify/index.js'
import type { Home } from '../learn/index.js'

/** The result of `analyze` for a request, in the shape other tools read. */
export type Analysis = Readonly<ReturnType<typeof analyze>>

export function analyze(id: string | number | null, request: Request, { classifier, library }: Pick<Home, 'classifier' | 'library'>) {
  const signals = classify(request, { classifier, examples: library })
  const { task, complexity, gain, confidence, needs, inputTokens, language, sideKind } = signals
  return {
    id,
    task,
    complexity,
    /** Probability that a cheap model fails. */
    difficulty: signals.difficulty.p,
    /** Ranks how much a strong model would help. */
    gain,
    ...{ confidence, needs, inputTokens, language, sideKind },
  }
}

/** A prompt alone, as a chat client would send it. */
export function requestOf(prompt: string): Request {
  return {
    format: 'openai-chat',
    model: 'auto',
    messages: [{ role: 'user', parts: [{ type: 'text', text: prompt }] }],
    tools: [],
    sampling: {},
    stream: false,
  }
}
