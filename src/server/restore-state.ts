import { totalInput } from '../canonical/index.js'
import type { Ledger, ReplayDecided } from '../ledger/index.js'
import { type DecideInput, decodeInput, decodePlan, decodeSignals, emptyState, fold, type State } from '../policy/index.js'
import { decidedEvent, prefixLinks, settledEvent } from '../simulate/follow.js'
import { readTables } from '../simulate/read-tables.js'
import type { Outlook } from './learned-outlook.js'

/**
 * The state that decisions depend on, and what was learned of models, from everything the ledger holds. What cannot be decoded (rows of a
 * newer version, of a damaged file) is left out and counted.
 */
export function restoreState(ledger: Ledger, outlook: Pick<Outlook, 'learn'>): { readonly state: State; readonly skipped: number } {
  let state = emptyState()
  let skipped = 0
  const tables = readTables(ledger)
  const leafOf = prefixLinks(ledger.prefixes())
  const open = new Map<number, { readonly row: ReplayDecided; readonly input: DecideInput }>()
  for (const page of ledger.replay()) {
    for (const event of page) {
      try {
        if (event.kind === 'decided') {
          const input = decodeInput(event.input, decodeSignals(event.signals), tables)
          state = fold(state, decidedEvent(event, input, decodePlan(event.plan, input), leafOf(event.prefixLeaf)))
          open.set(event.seq, { row: event, input })
        } else if (event.kind === 'settled') {
          const decided = open.get(event.call)
          if (decided === undefined) continue
          open.delete(event.call)
          state = fold(state, settledEvent(decided.row.id, event, decided.input))
          learnFrom(decided.row, decided.input, event, outlook)
        }
      } catch {
        skipped++
      }
    }
  }
  return { state, skipped }
}

function learnFrom(
  row: ReplayDecided,
  input: DecideInput,
  settled: Parameters<typeof settledEvent>[1],
  outlook: Pick<Outlook, 'learn'>,
): void {
  const served = settled.attempts.find((a) => a.purpose === 'serve' && a.outcome === 'ok')
  const rev = input.models.find((m) => m.rev.id === served?.model)?.rev
  if (served === undefined || rev === undefined) return
  const reported = served.usageSource === 'reported'
  outlook.learn({
    type: 'attempt',
    model: rev,
    task: input.signals.task,
    complexity: input.signals.complexity,
    estimatedTokens: input.signals.inputTokens,
    inputTokens: reported ? promptOf(served) : null,
    outputTokens: reported ? served.outputTokens : null,
    limit: row.limit,
    stream: row.stream,
    firstByteMs: served.firstByteMs,
    endMs: served.endMs,
  })
}

function promptOf(a: {
  inputTokens: number | null
  cacheReadTokens: number | null
  cacheWrite5mTokens: number | null
  cacheWrite1hTokens: number | null
}) {
  return totalInput({
    input: a.inputTokens,
    cacheRead: a.cacheReadTokens,
    cacheWrite5m: a.cacheWrite5mTokens,
    cacheWrite1h: a.cacheWrite1hTokens,
    output: null,
    reasoning: null,
  })
}
