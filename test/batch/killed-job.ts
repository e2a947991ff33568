import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readLines, resultLines, submitJob } from '../../src/batch/index.js'
import { type Ledger, openLedger } from '../../src/ledger/index.js'
import { spawnDaemon } from '../server/spawn-daemon.js'
import { TOKENS } from '../upstreams/batch-vendors.js'

/** Times that the process is killed, and lines of a job; the figures in docs/batch.md are of ten and a thousand. */
export const KILLS = Number(process.env.BATCH_KILLS ?? 3)
export const LINES = Number(process.env.BATCH_LINES ?? 200)

/** Model, and USD per million tokens in and out. */
export const MODELS = [
  ['openai/gpt-5-mini', 0.25, 2],
  ['openai/gpt-5', 1.25, 10],
  ['anthropic/claude-haiku-4.5', 1, 5],
  ['google/gemini-2.5-flash', 0.3, 2.5],
] as const

/** What one answer of a service, `MODEL`, `MODEL@batch` or `MODEL@flex`, costs, nano-USD: those that may wait cost half. */
export function rateOf(service: string): number {
  const [, input, output] = MODELS.find(([id]) => service.split('@')[0] === id)!
  return Math.round((1000 * (TOKENS.input * input + TOKENS.output * output)) / (service.includes('@') ? 2 : 1))
}

/** Lines in OpenAI's batch format, for each of the models in turn. */
export function linesFor(count: number, models: readonly string[] = MODELS.map(([id]) => id)): string {
  return Array.from({ length: count }, (_, i) => {
    const body = { model: models[i % models.length], messages: [{ role: 'user', content: `question ${i}` }] }
    return JSON.stringify({ custom_id: `line-${i}`, method: 'POST', url: '/v1/chat/completions', body })
  }).join('\n')
}

export interface Result {
  readonly custom_id: string
  readonly response: {
    readonly status_code: number
    readonly body: {
      readonly choices?: readonly [{ readonly message: { readonly content: string } }]
      readonly error?: { readonly message: string }
    }
  } | null
  readonly llmroute: {
    readonly call: string
    readonly model: string | null
    readonly costUsd: number | null
    readonly status: string
    readonly interrupted?: number
  }
}

/** What can be seen from outside while a job is worked on. */
export interface Peek {
  readonly ledger: Ledger
  readonly sinceMs: number
  /** Batches that a provider has been asked to make and that it has not named yet. */
  readonly making: number
}

export interface KilledJob {
  readonly results: readonly Result[]
  readonly ledger: Ledger
  readonly kills: number
  remove(): Promise<void>
}

export const JOB = 'batch_test'

/** Has a job done by a daemon that is killed with SIGKILL whenever `isDue` says so, until `kills` times, and started again each time. */
export async function runKilled(
  code: string,
  config: unknown,
  text: string,
  { kills: most, isDue }: { readonly kills: number; readonly isDue: (kill: number, peek: Peek) => boolean | Promise<boolean> },
): Promise<KilledJob> {
  const folder = mkdtempSync(join(tmpdir(), 'llmroute-batch-kill-'))
  const path = join(folder, 'ledger.db')
  const terms = { surface: 'cli', profile: null, key: null, tags: [], client: 'test', expired: null } as const
  const lines = readLines(text, () => 'openai-chat')
  const first = await openLedger(path)
  const job = await submitJob(first.batch, lines, terms, { atMs: Date.now(), deadlineMs: 86_400_000, id: JOB })
  await first.close()
  let kills = 0
  for (let isOver = false; !isOver; ) {
    const daemon = await spawnDaemon(code, path, config)
    const ledger = await openLedger(path, { readonly: true })
    const started = Date.now()
    const peek = (): Peek => ({
      ledger,
      sinceMs: Date.now() - started,
      making: ledger.batch.sent(JOB).filter((sent) => sent.askedAt !== null && sent.remote === null).length,
    })
    for (;;) {
      isOver = ledger.batch.job(JOB)?.endedAt !== null
      if (isOver || (kills < most && (await isDue(kills, peek())))) break
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await daemon.kill()
    await ledger.close()
    if (!isOver) kills++
  }
  const ledger = await openLedger(path)
  ledger.markInterrupted(Date.now())
  return {
    results: [...resultLines(ledger.batch, job, { withNote: true })].map((line) => JSON.parse(line) as Result),
    ledger,
    kills,
    async remove() {
      await ledger.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
