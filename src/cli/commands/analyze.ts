import type { Command } from 'commander'
import { asFault, Fault, formatCount } from '../../kit/index.js'
import { type Home, readHome } from '../../learn/index.js'
import { type Analysis, analyze, analyzeLines, requestOf } from '../analysis.js'
import { type Cli, examples } from '../cli.js'
import { loadForCli } from '../load-setup.js'
import { paintFor } from '../paint.js'
import { readPrompt } from '../read-prompt.js'
import { answer, remark } from '../say.js'

interface Options {
  readonly jsonl?: string
}

export function define(command: Command, cli: Cli): void {
  command
    .argument('[prompt]', 'the prompt; stdin when left out')
    .option('--jsonl <file>', 'read {"id", "prompt"} or {"id", "request"} a line (- is stdin), write JSON Lines')
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
