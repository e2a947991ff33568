import { totalInput, type Usage } from '../../canonical/index.js'
import { costOf, type ModelRev } from '../../catalog/index.js'
import type { Signals } from '../../classify/index.js'
import type { BuildRecord, ImportedCall } from '../../history/index.js'
import { recordHash, remembered, stableJson, timezoneMinutes } from '../../kit/index.js'
import type { AttemptRow, CallOpen, CallSettle } from '../../ledger/index.js'
import { type DecideInput, decide, decidePlain, endogenousOf, fold, type ResolvedPolicy, type State } from '../../policy/index.js'
import { rowOf } from '../../route/open-row.js'
import { statesFromCatalog } from '../../simulate/alternatives.js'
import { joinConversations } from './join-conversation.js'
import type { Reading } from './logs.js'
import type { LoggedModel } from './resolve-logged-model.js'
import type { Asked, UnderstoodCall } from './understand-history.js'

interface RecordParts {
  readonly policy: ResolvedPolicy
  /** Models that may take the place of the logged one when the call is simulated. */
  readonly pool: readonly ModelRev[]
  readonly modelOf: (call: UnderstoodCall) => LoggedModel
  /** State before the first call; it is folded further here. */
  readonly state: State
  /** Tokens of a prefix that the ledger has; null for others. */
  readonly storedTokens: (digest: string) => number | null
  /** Of what classified the calls so far. */
  readonly classifierHash: () => string
  readonly keeps: Reading['keeps']
}

type Logged = ReturnType<typeof decideLogged>

/**
 * Makes records of logged calls as if they had come through here naming their model: the decision is pinned to it, its signals, state and
 * candidates are those of the moment, and `simulate` decides it again under other policies.
 */
export function recordLogged(parts: RecordParts): BuildRecord<UnderstoodCall> {
  const policyHash = recordHash(parts.policy)
  const policyRow = { kind: 'policy', hash: policyHash, json: stableJson(parts.policy) } as const
  // Models that a call could have used: those of the pool and the one it named. The ledger must remember them.
  const choiceOf = remembered((rev: ModelRev) => {
    const models = parts.pool.includes(rev) ? parts.pool : [...parts.pool, rev]
    const revisions = models.map((one) => ({ kind: 'model_rev', hash: recordHash(one), json: stableJson(one) }) as const)
    return { models, remember: [policyRow, ...revisions] }
  })
  const join = joinConversations(parts.storedTokens)
  return (call) => {
    const { asked } = call
    if (asked === null) return { skip: 'known' }
    const model = parts.modelOf(call)
    const { models, remember } = choiceOf(model.rev)
    const logged = decideLogged(call, asked, model.rev, models, parts, join)
    const settle = settleLogged(call, model)
    foldLogged(logged, settle, parts.state)
    const { hasRequest, messages, reply } = asked
    return {
      open: openRow(logged, policyHash, parts.classifierHash()),
      settle,
      bodies: hasRequest && parts.keeps === 'text' ? { request: logged.conversation.messages, reply } : undefined,
      remember,
      addedChars: messages.reduce((sum, { json }) => sum + json.length, reply?.length ?? 0),
    }
  }
}

function decideLogged(
  call: UnderstoodCall,
  asked: Asked,
  rev: ModelRev,
  models: readonly ModelRev[],
  { policy, state, keeps }: RecordParts,
  join: ReturnType<typeof joinConversations>,
) {
  const signals = signalsAsReported(asked.signals, call.usage, rev)
  const conversation = join(asked, signals.envelope.tokens - asked.signals.envelope.tokens)
  const session = call.session === null ? null : `${call.source}:${call.session}${call.sideChain === null ? '' : `/${call.sideChain}`}`
  const input: DecideInput = {
    atMs: call.atMs,
    tzMin: timezoneMinutes(call.atMs),
    policy,
    signals,
    mode: 'pinned',
    pinned: rev.id,
    tier: null,
    tags: [],
    client: call.client,
    kind: 'chat',
    limit: asked.limit,
    stream: asked.stream,
    cacheMarks: true,
    deadlineMs: null,
    models: statesFromCatalog(models, signals),
    endogenous: endogenousOf(state, {
      atMs: call.atMs,
      session: signals.sideKind === null ? session : null,
      leaf: conversation.leaf,
      models,
      signedLoop: signals.trajectory.inToolLoop && signals.needs.includes('reasoning-replay'),
      budgets: [],
    }),
    draws: [],
  }
  return { call, rev, session, conversation, input, plan: keeps === 'figures' ? decidePlain(input) : decide(input) }
}

/** What the call leaves for the next ones: caches, the session's course. */
function foldLogged({ call, rev, session, conversation, input, plan }: Logged, settle: ImportedCall['settle'], state: State): void {
  fold(state, {
    type: 'decided',
    atMs: call.atMs,
    call: call.id,
    session: input.signals.sideKind === null ? session : null,
    leaf: conversation.leaf,
    breakpoints: conversation.breakpoints,
    chosen: plan.chain > 0 ? rev : null,
    reservations: [],
    trajectory: input.signals.trajectory,
    mode: input.mode,
    policy: input.policy,
    arm: plan.arm,
  })
  fold(state, {
    type: 'settled',
    atMs: settle.settledAtMs,
    call: call.id,
    model: settle.model === null ? null : rev,
    cacheReadTokens: call.usage.cacheRead,
    cacheWrite1hTokens: call.usage.cacheWrite1h,
    cost: settle.costNano,
    status: settle.status,
  })
}

function openRow({ call, rev, session, conversation, input, plan }: Logged, policyHash: string, classifierHash: string): CallOpen {
  const made = {
    id: call.id,
    source: `import:${call.source}`,
    session,
    retryOf: null,
    key: null,
    format: call.format,
    requestedModel: call.model,
    chosen: plan.chain > 0 ? rev.id : null,
    baseline: rev.id,
    policyHash,
    classifierHash,
    reservations: [],
  }
  return rowOf(made, input, plan, conversation)
}

/** Signals of a logged request with the prompt's size as reported: logs lack system prompts and tools, the tokens contain them. */
function signalsAsReported(signals: Signals, usage: Usage, rev: ModelRev): Signals {
  const reported = totalInput(usage)
  if (reported === null) return signals
  const inputTokens = Math.max(signals.inputTokens, Math.round(reported / rev.tokenizerRatio))
  const unseen = inputTokens - signals.inputTokens
  return { ...signals, inputTokens, envelope: { ...signals.envelope, tokens: signals.envelope.tokens + unseen } }
}

/** How a logged call really went, at the catalog's rates; at the other tool's logged cost where these are unknown. */
function settleLogged(call: UnderstoodCall, { rev, hash }: LoggedModel): CallSettle {
  const { usage, status, atMs, error } = call
  // An end before its beginning is a clock that was set, and says nothing.
  const latencyMs = call.endMs === null || call.endMs < atMs ? null : call.endMs - atMs
  // A failure without logged tokens was not billed.
  const failed = status === 'error' && totalInput(usage) === null && usage.output === null ? 0 : null
  const costNano = costOf(usage, rev.rates) ?? call.costNano ?? failed
  const attempt: AttemptRow = {
    n: 1,
    purpose: 'serve',
    model: rev.id,
    modelRev: hash,
    t0: atMs,
    sentMs: null,
    firstByteMs: call.ttftMs,
    endMs: latencyMs,
    outcome: status,
    status: null,
    errorCode: null,
    retryAfterMs: null,
    inputTokens: usage.input,
    cacheReadTokens: usage.cacheRead,
    cacheWrite5mTokens: usage.cacheWrite5m,
    cacheWrite1hTokens: usage.cacheWrite1h,
    outputTokens: usage.output,
    reasoningTokens: usage.reasoning,
    usageSource: totalInput(usage) === null ? 'none' : 'reported',
    costNano,
    billed: status === 'ok' ? 'yes' : 'maybe',
    splices: [],
    losses: [],
  }
  return {
    id: call.id,
    settledAtMs: atMs + (latencyMs ?? 0),
    status,
    model: status === 'ok' ? rev.id : null,
    attempts: [attempt],
    costNano,
    baselineCostNano: costNano,
    ttftMs: call.ttftMs,
    latencyMs,
    error,
    httpStatus: status === 'ok' ? 200 : 0,
  }
}
