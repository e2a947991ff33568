import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Command } from 'commander'
import type { Request } from '../../canonical/index.js'
import { classify } from '../../classify/index.js'
import { asFault, Fault, formatCount } from '../../kit/index.js'
import { type Home, readHome } from '../../learn/index.js'
import { type Cli, examples, unreadableFile } from '../cli.js'
import { write } from '../io.js'
import { loadForCli } from '../load-setup.js'
import { paintFor } from '../paint.js'
import { readAnyRequest } from '../read-any-request.js'
import { readPrompt } from '../read-prompt.js'
import { answer, printable, remark } from '../say.js'

interface Options {
  readonly jsonl?: string
}

export function define(command: Command, cli: Cli): void {
  command
    .argument('[prompt]', 'the prompt (default: stdin)')
    .option('--jsonl <file>', 'read lines of {"id", "prompt"} or {"id", "request"} from this file (- is stdin), write JSON Lines')
    .action(async (prompt: string | undefined, options: Options) => {
      if (prompt !== undefined && options.jsonl !== undefined)
        throw new Fault('E_USAGE', 'A prompt does not go with --jsonl.', { hint: 'Give one of the two.' })
      const home = await readOwn(cli)
      if (options.jsonl !== undefined) return analyzeLines(cli, options.jsonl, home)
      const analysis = analyze(null, requestOf(await readPrompt(prompt, cli.io, 'analyze')), home)
      return answer(cli, analysis, () => describe(analysis, cli))
    })
  examples(
    command,
    'llmroute analyze "Prove that the square root of two is irrational."',
    'echo "Translate to French: good morning" | llmroute analyze --json',
  )
}

/** What the user has taught, as the daemon uses it. No other model is asked: an analysis costs nothing. */
async function readOwn(cli: Cli): Promise<Home> {
  const { folder, config } = await loadForCli(cli)
  return readHome(folder, config.classifier.examples, (error) => {
    remark(cli, `llmroute: ${asFault(error).message} The shipped one is used.`)
  })
}

function describe(a: Analysis, cli: Cli): string {
  const paint = paintFor(cli.io)
  const rows: readonly (readonly [string, string])[] = [
    ['Task', `${a.task}, ${a.complexity}`],
    ['Difficulty', `${bar(a.difficulty)} ${a.difficulty.toFixed(2)}  probability that a cheap model fails`],
    ['Gain', `${bar(a.gain)} ${a.gain.toFixed(2)}  how much a strong model would help`],
    ['Confidence', a.confidence.toFixed(2)],
    ['Needs', a.needs.length === 0 ? 'nothing special' : a.needs.join(', ')],
    ['Language', a.language],
    ['Input', `about ${formatCount(a.inputTokens)} tokens`],
  ]
  return rows.map(([name, value]) => `${paint.dim(name.padEnd(11))} ${value}`).join('\n')
}

function bar(fraction: number): string {
  const full = Math.round(fraction * 10)
  return '█'.repeat(full) + '░'.repeat(10 - full)
}

/** Lines held back before a write: fewer system calls, little memory. */
const BATCH_CHARS = 64 * 1024

/** One analysis a line, in order, as JSON Lines. A line that cannot be read is named on stderr and makes the command fail at its end. */
async function analyzeLines(cli: Cli, path: string, home: Home): Promise<void> {
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
type Analysis = Readonly<ReturnType<typeof analyze>>

function analyze(id: string | number | null, request: Request, { classifier, library }: Pick<Home, 'classifier' | 'library'>) {
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
function requestOf(prompt: string): Request {
  return {
    format: 'openai-chat',
    model: 'auto',
    messages: [{ role: 'user', parts: [{ type: 'text', text: prompt }] }],
    tools: [],
    sampling: {},
    stream: false,
  }
}
