import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Request } from '../canonical/index.js'
import { classify } from '../classify/index.js'
import { Fault } from '../kit/index.js'
import type { Home } from '../learn/index.js'
import { type Cli, unreadableFile } from './cli.js'
import { write } from './io.js'
import { readAnyRequest } from './read-any-request.js'
import { printable, remark } from './say.js'

/** Lines held back before a write: fewer system calls, little memory. */
const BATCH_CHARS = 64 * 1024

/** One analysis a line, in order, as JSON Lines. A line that cannot be read is named on stderr and makes the command fail at its end. */
export async function analyzeLines(cli: Cli, path: string, home: Home): Promise<void> {
  const input = path === '-' ? cli.io.stdin : createReadStream(path)
  const readable = new Promise<void>((_resolve, reject) => {
    input.once('error', (cause: NodeJS.ErrnoException) => {
      reject(unreadableFile(path, cause))
    })
  })
  await Promise.race([analyzeStream(cli, home, createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })), readable])
}

async function analyzeStream(cli: Cli, home: Home, lines: AsyncIterable<string>): Promise<void> {
  let out = ''
  let number = 0
  let bad = 0
  for await (const line of lines) {
    number++
    // Trimming also takes away the byte order mark that a file may begin with.
    const text = line.trim()
    if (text === '') continue
    try {
      out += `${JSON.stringify(analyzeLine(text, home))}\n`
    } catch (error) {
      bad++
      remark(cli, `llmroute: line ${number} is skipped: ${printable(error instanceof Error ? error.message : String(error))}`)
    }
    if (out.length > BATCH_CHARS) {
      await write(cli.io.stdout, out)
      out = ''
    }
  }
  await write(cli.io.stdout, out)
  if (bad > 0) throw new Fault('E_BAD_REQUEST', `${bad} of ${number} lines could not be read.`, { hint: 'The others were analyzed.' })
}

function analyzeLine(line: string, home: Home): unknown {
  const { id, prompt, request } = JSON.parse(line) as { id?: unknown; prompt?: unknown; request?: unknown }
  const name = typeof id === 'string' || typeof id === 'number' ? id : null
  if (typeof prompt === 'string') return analyze(name, requestOf(prompt), home)
  if (request !== null && typeof request === 'object')
    return analyze(name, readAnyRequest(request as Readonly<Record<string, unknown>>), home)
  throw new Error('it has neither "prompt" nor "request"')
}

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
    confidence,
    needs,
    inputTokens,
    language,
    sideKind,
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
