import { asFault } from '../../kit/index.js'
import type { Drawn, Ran, Rerun, Sample } from './types.js'

/** Sends a logged call's request to a model again. */
export type AskAgain = (drawn: Drawn) => Promise<Rerun>

export interface RunOptions {
  /** Questions under way at once. */
  readonly parallel: number
  /** Stops sending; requests in flight are waited for. */
  readonly signal: AbortSignal
  readonly onDone?: (ran: Ran) => void
}

export interface SampleRun {
  readonly ran: readonly Ran[]
  /** Why not everything was sent, in words; null when it was. */
  readonly stopped: string | null
}

/** When this many fail at the start, so will the rest. */
const HOPELESS = 6

/**
 * Sends the drawn calls, in order, until all are sent, the limit or a budget is reached, or the user interrupts. A request that does not
 * fit beside those in flight waits for them; once it does not fit alone, sampling ends: a cheaper one in its place would bias the sample.
 */
export async function runSample(sample: Sample, ask: AskAgain, { parallel, signal, onDone }: RunOptions): Promise<SampleRun> {
  const ran: Ran[] = []
  const waiting = [...sample.order]
  let stopped: string | null = null
  let underWay = 0
  let wake = (): void => {}
  const ended = (): Promise<void> => new Promise((resolve) => (wake = resolve))

  const take = async (drawn: Drawn, alone: boolean): Promise<void> => {
    const result = await ask(drawn).catch((error: unknown): Rerun => failure(asFault(error).message))
    switch (result.kind) {
      case 'capped':
      case 'budget':
        if (alone) stopped ??= result.kind === 'capped' ? 'the next one could have passed the cap' : result.reason
        else waiting.unshift(drawn)
        // Nothing more is begun until something under way has ended.
        full = true
        return
      case 'answered':
      case 'failed': {
        const one: Ran = { ...drawn, result }
        ran.push(one)
        onDone?.(one)
        if (ran.length >= HOPELESS && ran.every((r) => r.result.kind === 'failed')) {
          stopped ??= `none of the first ${ran.length} was answered${result.kind === 'failed' ? `: ${result.reason}` : ''}`
        }
        full = false
      }
    }
  }

  let full = false
  for (;;) {
    if (signal.aborted) stopped ??= 'it was interrupted'
    const next = stopped === null && underWay < parallel && !(full && underWay > 0) ? waiting.shift() : undefined
    if (next !== undefined) {
      void take(next, underWay++ === 0).finally(() => {
        underWay--
        wake()
      })
      continue
    }
    if (underWay === 0 && (stopped !== null || waiting.length === 0)) return { ran, stopped }
    if (underWay > 0) await ended()
  }
}

function failure(reason: string): Rerun {
  return { kind: 'failed', id: null, costNano: null, reason }
}
