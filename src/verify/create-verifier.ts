import type { VerifierTerms, VerifyOutcome, VerifyTask } from '../control/index.js'
import { asFault, Fault, newId } from '../kit/index.js'
import { type AttemptRow, type CallSettle, type Ledger, promptTokensOf, VERIFICATION } from '../ledger/index.js'
import { noCandidate, upperBound } from '../policy/index.js'
import { askExtra, type DecidedCall, foldDecided, foldEnded, openRow, type PoolModel, type RouterPorts, sumCosts } from '../route/index.js'
import { judgePair, judgingBound } from './judge-pair.js'
import { type Rebuilt, rebuildCall } from './rebuild-call.js'

export type Verifier = Readonly<ReturnType<typeof createVerifier>>

export function createVerifier({ ports, ledger }: { readonly ports: RouterPorts; readonly ledger: () => Ledger | null }) {
  return {
    /**
     * `judge`: the judging model; when null, the cascade's judge of the default profile, else the strongest model. Throws E_USAGE for one
     * not in the pool.
     */
    terms(judge: string | null): VerifierTerms {
      const { pool, byId, profiles, defaultProfile, ablest } = ports.setup()
      const models = pool.filter(({ access }) => access.auth !== 'passthrough').map(({ rev }) => rev.id)
      const chosen = judge ?? profiles.get(defaultProfile)?.policy.cascade.judge?.model ?? ablest
      if (judge !== null && byId.get(judge)?.rev.kind !== 'chat')
        throw new Fault('E_USAGE', `'${judge}' cannot judge: it is no chat model of the pool.`, {
          hint: `The pool is ${models.join(', ')}.`,
        })
      return { models, judge: chosen !== null && models.includes(chosen) ? chosen : null }
    },
    /** Asks, judges and records. Rejects only when the ledger cannot be used. */
    async run(task: VerifyTask): Promise<VerifyOutcome> {
      const open = ledger()
      if (open === null)
        throw new Fault('E_LEDGER', 'The ledger cannot be written, so nothing that costs money is asked.', {
          hint: 'Run `llmroute doctor`.',
        })
      const id = newId(ports.clock.now())
      const rebuilt = rebuildCall(id, task, open, ports)
      if (typeof rebuilt === 'string') return failed(rebuilt)
      return ask(task, rebuilt, ports)
    },
  }
}

/** Money is reserved in the ledger, against the limit and every budget, before anything is sent. */
async function ask(task: VerifyTask, rebuilt: Rebuilt, ports: RouterPorts): Promise<VerifyOutcome> {
  const { call, recorded } = rebuilt
  const judge = recorded === null || task.judge === null ? null : (call.setup.byId.get(task.judge) ?? null)
  if (call.plan.chain === 0) {
    const fault = noCandidate(call.plan, call.input.endogenous.budgets)
    return fault.code === 'E_BUDGET' ? { kind: 'budget', reason: fault.message } : failed(fault.message)
  }
  const bound = boundOf(task, call, recorded === null || judge === null ? 0 : judgingBound(call, recorded, judge, ports))
  if (bound === null) return failed('what it may cost is not known')
  const row = openRow(call, null)
  const reservations = [...row.reservations.map((r) => ({ ...r, amount: bound })), { scope: task.scope, amount: bound, limit: task.cap }]
  const opened = { ...row, source: VERIFICATION, parentCall: task.call, reservations }
  foldDecided(call, opened, ports)
  try {
    await ports.ledger.open(opened)
  } catch (error) {
    const fault = asFault(error)
    foldEnded({ id: call.id, settledAtMs: ports.clock.now(), status: 'error', costNano: 0 }, ports)
    if (fault.code !== 'E_BUDGET') throw fault
    return fault.param === task.scope ? { kind: 'capped' } : { kind: 'budget', reason: fault.message }
  }
  return settle(task, rebuilt, judge, ports)
}

async function settle(task: VerifyTask, rebuilt: Rebuilt, judge: PoolModel | null, ports: RouterPorts): Promise<VerifyOutcome> {
  const { call, model, recorded, isOurLimit } = rebuilt
  const extra = { purpose: VERIFICATION, n: 1, request: call.request, inputTokens: task.inputTokens } as const
  const asked = await askExtra(call, model, { ...extra, leftMs: call.policy.timeouts.totalMs }, ports)
  const reply = asked?.answer ?? null
  const pair =
    reply === null || recorded === null || judge === null ? null : await judgePair(call, { recorded, answer: reply, judge }, ports)
  const attempts: readonly AttemptRow[] = [...(asked === null ? [] : [asked.row]), ...(pair?.rows ?? [])]
  const costNano = sumCosts(attempts)
  const reason = asked === null ? 'its provider is resting' : (asked.row.errorCode ?? asked.row.outcome)
  const row: CallSettle = {
    id: call.id,
    settledAtMs: ports.clock.now(),
    status: reply === null ? 'error' : 'ok',
    model: reply === null ? null : model.rev.id,
    attempts,
    costNano,
    baselineCostNano: null,
    ttftMs: null,
    // The answer's own time: judging is nothing that a client would wait for.
    latencyMs: asked?.row.endMs ?? 0,
    error: reply === null ? reason : null,
    httpStatus: asked?.row.status ?? 503,
  }
  await ports.ledger.settle(row)
  // The state follows the call as it will when read from the ledger: what was spent, and whose cache holds the prompt now.
  foldEnded(row, ports, reply === null ? null : model.rev)
  if (reply === null || asked === null) return { kind: 'failed', id: call.id, costNano, reason }
  if (pair !== null && pair.verdict !== null) {
    await ports.ledger.outcome({ call: call.id, kind: VERIFICATION, value: VALUE[pair.verdict], note: pair.note, atMs: ports.clock.now() })
  }
  if (call.setup.storeBodies) ports.ledger.bodies(call.id, call.conversation.messages, JSON.stringify(reply))
  const reported = asked.row.usageSource === 'reported'
  return {
    kind: 'answered',
    id: call.id,
    promptTokens: reported ? promptTokensOf(asked.row) : null,
    answerTokens: reported ? asked.row.outputTokens : null,
    cut: isOurLimit && reply.choices.some((choice) => choice.finish === 'length'),
    costNano,
    verdict: pair?.verdict ?? null,
  }
}

/** Where the other model's answer stands: 1 better, 0 worse. */
const VALUE = { better: 1, same: 0.5, worse: 0 } as const

function failed(reason: string): VerifyOutcome {
  return { kind: 'failed', id: null, costNano: null, reason }
}

/** The most that an answer and its judging may cost, nano-USD; null when a price is missing. */
function boundOf({ inputTokens, model: id }: VerifyTask, { input, signals, request }: DecidedCall, judging: number | null): number | null {
  const state = input.models.find((m) => m.rev.id === id)
  const answer = state === undefined ? null : upperBound(state, Math.max(inputTokens, signals.inputTokens), request.maxOutputTokens ?? null)
  return answer === null || judging === null ? null : answer + judging
}
