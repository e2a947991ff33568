import { withoutTier } from '../catalog/index.js'
import { asFault } from '../kit/index.js'
import type { BatchLineRow } from '../ledger/index.js'
import { noCandidate } from '../policy/index.js'
import { type DecidedCall, foldDecided, foldEnded, openRow } from '../route/index.js'
import type { BatchContext, Job } from './context.js'
import { failLine } from './end-line.js'
import { decideLine } from './prepare-line.js'

/** Lines decided in one turn, so that calls of clients are served between. */
const AT_ONCE = 16

/** `more`: there are lines left to decide; `short`: a budget has no room for the next ones. */
type DecidedLines = 'done' | 'more' | 'short'

/** Decides the next lines of a job and opens their calls; each reserves its money then. */
export async function decideLines(job: Job, context: BatchContext): Promise<DecidedLines> {
  const lines = context.store.lines(job.id, { state: 'waiting', limit: AT_ONCE })
  const decided = await Promise.all(lines.map((line) => decide(job, line, context)))
  if (decided.includes(false)) return 'short'
  return lines.length === AT_ONCE ? 'more' : 'done'
}

/** False when the budget has no room for it now. */
async function decide(job: Job, line: BatchLineRow, context: BatchContext): Promise<boolean> {
  const { store, parts } = context
  let call: DecidedCall
  try {
    call = decideLine(job, line, context)
  } catch (error) {
    await failLine(line, null, asFault(error), null, context)
    return true
  }
  const { plan } = call
  const refusal = plan.chain === 0 ? noCandidate(plan, call.input.endogenous.budgets) : null
  const late = parts.clock.now() >= job.deadlineAt
  if ((refusal?.code === 'E_BUDGET' || isCutShort(call)) && !late) return false
  const row = openRow(call, null)
  foldDecided(call, row, parts)
  try {
    await store.decide(row, withLive(plan.steps.slice(0, plan.chain).map((step) => step.model)))
  } catch (error) {
    const fault = asFault(error)
    foldEnded({ id: call.id, settledAtMs: parts.clock.now(), status: 'error', costNano: 0 }, parts)
    if (fault.code !== 'E_BUDGET') throw fault
    if (!late) return false
    await failLine(line, null, fault, null, context)
    return true
  }
  if (refusal !== null) await failLine(line, call, refusal, null, context)
  return true
}

/** Its answer would be limited by money that other calls have reserved, most of which is released later: a line can wait for that. */
function isCutShort({ plan, input }: DecidedCall): boolean {
  return plan.clampOutput !== null && input.endogenous.budgets.some((budget) => budget.reserved > 0)
}

/** The plan's models, followed by the models of its batches again, to be tried live. */
function withLive(chain: readonly string[]): readonly string[] {
  return [...new Set([...chain, ...chain.map(withoutTier)])]
}
