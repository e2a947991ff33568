import { hashModelRev, type ModelRev } from '../../catalog/index.js'
import { classifierHash } from '../../classify/index.js'
import type { BuildRecord, HistoryCall, ImportedCall } from '../../history/index.js'
import { stableJson, timezoneMinutes } from '../../kit/index.js'
import type { CallOpen } from '../../ledger/index.js'
import {
  type DecideInput,
  decide,
  decidePlain,
  endogenousOf,
  fold,
  hashPolicy,
  linkPrefixes,
  type Plan,
  type PrefixLink,
  type ResolvedPolicy,
  type State,
} from '../../policy/index.js'
import { type Conversation, digestMessages } from '../../route/digest-messages.js'
import { rowOf } from '../../route/index.js'
import { loggedStates, requestOfLogged, signalsOfLogged } from './logged-signals.js'
import type { LoggedModel } from './resolve-logged-model.js'
import { settleLogged } from './settle-logged.js'

export interface RecordParts {
  readonly policy: ResolvedPolicy
  /** Models that may take the place of the logged one when the call is simulated. */
  readonly pool: readonly ModelRev[]
  readonly modelOf: (call: HistoryCall) => LoggedModel
  /** State before the first call; it is folded further here. */
  readonly state: State
  /** Makes digests that only this ledger can make, where nobody is to confirm a guessed prompt from it; null where that does not matter. */
  readonly keyed: ((digest: string) => string) | null
  /** What people read is kept, or figures only. */
  readonly keeps: 'text' | 'reasons' | 'figures'
}

/** A logged call on its way into the ledger. */
interface Logged {
  readonly call: HistoryCall
  readonly rev: ModelRev
  readonly session: string | null
  readonly conversation: Conversation
  readonly leaf: PrefixLink | null
  readonly input: DecideInput
  readonly plan: Plan
}

/**
 * Makes records of logged calls as if they had come through here naming their model: the decision is pinned to it, its signals, state and
 * candidates are those of the moment, and `simulate` decides it again under other policies.
 */
export function recordLogged(parts: RecordParts): BuildRecord {
  const policyHash = hashPolicy(parts.policy)
  const policyRow = { kind: 'policy', hash: policyHash, json: stableJson(parts.policy) } as const
  const revisions = new Map<ModelRev, ImportedCall['remember'][number]>()
  const revisionRow = (rev: ModelRev): ImportedCall['remember'][number] => {
    const row = revisions.get(rev) ?? { kind: 'model_rev', hash: hashModelRev(rev), json: stableJson(rev) }
    revisions.set(rev, row)
    return row
  }
  return (call) => {
    const model = parts.modelOf(call)
    const logged = decideLogged(call, model.rev, parts)
    const settle = settleLogged(call, model)
    foldLogged(logged, settle, parts.state)
    const { conversation, input } = logged
    return {
      open: openRow(logged, policyHash),
      settle,
      remember: [policyRow, ...input.models.map(({ rev }) => revisionRow(rev))],
      ...(call.request === null || parts.keeps !== 'text' ? {} : { bodies: { request: conversation.messages, reply: textOf(call) } }),
    }
  }
}

function textOf({ reply }: HistoryCall): string | null {
  return reply.length === 0 ? null : JSON.stringify(reply)
}

function decideLogged(call: HistoryCall, rev: ModelRev, { pool, policy, state, keyed, keeps }: RecordParts): Logged {
  const request = requestOfLogged(call)
  const signals = signalsOfLogged(call, request, rev)
  const conversation = digestMessages(request, signals.envelope.tokens, keyed)
  const leaf = linkPrefixes(conversation.prefixes)
  const models = pool.includes(rev) ? pool : [...pool, rev]
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
    limit: request.maxOutputTokens ?? null,
    stream: request.stream,
    cacheMarks: true,
    deadlineMs: null,
    models: loggedStates(models, signals),
    endogenous: endogenousOf(state, {
      atMs: call.atMs,
      session: signals.sideKind === null ? session : null,
      leaf,
      models,
      signedLoop: signals.trajectory.inToolLoop && signals.needs.includes('reasoning-replay'),
      budgets: [],
    }),
    draws: [],
  }
  return { call, rev, session, conversation, leaf, input, plan: keeps === 'figures' ? decidePlain(input) : decide(input) }
}

/** What the call leaves behind for the next ones: caches, the session's course. */
function foldLogged({ call, rev, session, conversation, leaf, input, plan }: Logged, settle: ImportedCall['settle'], state: State): void {
  fold(state, {
    type: 'decided',
    seq: 0,
    atMs: call.atMs,
    call: call.id,
    session: input.signals.sideKind === null ? session : null,
    leaf,
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
    seq: 0,
    atMs: settle.settledAtMs,
    call: call.id,
    model: settle.model === null ? null : rev,
    cacheReadTokens: call.usage.cacheRead,
    cacheWrite1hTokens: call.usage.cacheWrite1h,
    cost: settle.costNano,
    status: settle.status,
  })
}

function openRow({ call, rev, session, conversation, input, plan }: Logged, policyHash: string): CallOpen {
  const made = {
    id: call.id,
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
  return { ...rowOf(made, input, plan, conversation), source: `import:${call.source}` }
}
