import type { Request } from '../canonical/index.js'
import { classify, type Signals } from '../classify/index.js'
import type { Home } from '../learn/index.js'

/** The result of `analyze` for a request, in the shape other tools read. */
export interface Analysis {
  readonly id: string | number | null
  readonly task: Signals['task']
  readonly complexity: Signals['complexity']
  /** Probability that a cheap model fails. */
  readonly difficulty: number
  /** Ranks how much a strong model would help. */
  readonly gain: number
  readonly confidence: number
  readonly needs: Signals['needs']
  readonly inputTokens: number
  readonly language: string
  readonly sideKind: Signals['sideKind']
}

function analysisOf(id: Analysis['id'], signals: Signals): Analysis {
  return {
    id,
    task: signals.task,
    complexity: signals.complexity,
    difficulty: signals.difficulty.p,
    gain: signals.gain,
    confidence: signals.confidence,
    needs: signals.needs,
    inputTokens: signals.inputTokens,
    language: signals.language,
    sideKind: signals.sideKind,
  }
}

export function analyze(id: Analysis['id'], request: Request, { classifier, library }: Pick<Home, 'classifier' | 'library'>): Analysis {
  return analysisOf(id, classify(request, { classifier, examples: library }))
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
