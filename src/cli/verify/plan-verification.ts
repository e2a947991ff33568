import { readStoredRequest } from '../../canonical/index.js'
import type { ModelRev } from '../../catalog/index.js'
import { addTo, Fault } from '../../kit/index.js'
import type { Ledger } from '../../ledger/index.js'
import { type CallToCheck, drawAffordable, modelsLogged, type SimulatedChanges } from '../../simulate/index.js'

export type VerificationPlan = Readonly<ReturnType<typeof planVerification>>

interface PlanRequest {
  readonly wanted: number
  /** Nano-USD. */
  readonly cap: number
  readonly models: readonly string[]
  readonly judge: string | null
}

/** The same log gives the same sample. */
const SEED = 20261123
/** Excerpts of a request and two answers, and a short reply, in tokens. */
const JUDGE_READS = 2000
const JUDGE_SAYS = 60

/** What will be sent, and its expected cost. Throws E_EMPTY when there is nothing to send. */
export function planVerification(ledger: Ledger, { changed }: SimulatedChanges, { wanted, cap, models, judge }: PlanRequest) {
  const stored = ledger.callsWithBodies()
  const revs = new Map(modelsLogged(ledger).map((rev) => [rev.id, rev]))
  const left = new Map<string, number>()
  const askable = changed.filter((call) => {
    const reason = !stored.has(call.seq)
      ? 'their messages are not stored'
      : models.includes(call.to)
        ? null
        : `${call.to} cannot be asked with the keys and the pool there are`
    if (reason !== null) addTo(left, reason)
    return reason === null
  })
  const reasons = [...left].map(([reason, calls]) => ({ reason, calls }))
  if (askable.length === 0) {
    throw new Fault(
      'E_EMPTY',
      changed.length === 0 ? 'No choice changes, so there is nothing to verify.' : 'No call that changes can be asked again.',
      {
        hint:
          reasons.length === 0 ? 'Name another policy.' : `${reasons.map(({ reason, calls }) => `${calls} calls: ${reason}`).join('; ')}.`,
      },
    )
  }
  const judging = judge === null ? 0 : 2 * judgingCost(revs.get(judge))
  const cost = (call: CallToCheck): number => askingCost(call, revs.get(call.to)) + judging
  const sample = drawAffordable(askable, wanted, { cost, cap, seed: SEED })
  if (sample.order.length === 0) {
    throw new Fault('E_USAGE', 'The cap is too low for a single call.', { hint: 'Raise --max-usd.' })
  }
  const withoutSettings = sample.order.filter(({ call }) => !hasSettings(ledger, call.id)).length
  return {
    sample,
    judge,
    /** Expected cost of the sample, judging included, nano-USD. */
    expected: sample.order.reduce((sum, { call }) => sum + cost(call), 0),
    /** Calls that change but cannot be asked again, by reason. */
    left: reasons,
    /** Calls of the sample whose sampling settings were not stored with them: they are asked with the provider's own. */
    withoutSettings,
  }
}

/** Older ledgers stored only messages, not the other parameters. */
function hasSettings(ledger: Ledger, id: string): boolean {
  return readStoredRequest(ledger.bodiesOf(id)?.request.map((m) => m.json) ?? [])?.hasTerms ?? false
}

/** The whole prompt again, since no cache of it is left, and the answer. Nano-USD. */
function askingCost({ promptTokens, answerTokens }: CallToCheck, rev: ModelRev | undefined): number {
  return (promptTokens * (rev?.rates?.input ?? 0) + answerTokens * (rev?.rates?.output ?? 0)) / 1000
}

function judgingCost(rev: ModelRev | undefined): number {
  return (JUDGE_READS * (rev?.rates?.input ?? 0) + JUDGE_SAYS * (rev?.rates?.output ?? 0)) / 1000
}
