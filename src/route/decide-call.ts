import type { Request } from '../canonical/index.js'
import type { ModelRev } from '../catalog/index.js'
import { timezoneMinutes } from '../kit/index.js'
import { armDraw, type DecideInput, decide, linkPrefixes, type ResolvedPolicy, waitOf } from '../policy/index.js'
import type { Advice } from './ask-advice.js'
import { budgetScopes } from './budget-scopes.js'
import type { DecidedCall } from './call.js'
import { digestMessages } from './digest-messages.js'
import type { Inbound, Outlet } from './exchange.js'
import { identifyClient, readSpeaker } from './identify-client.js'
import { type CallTarget, findModel, isVirtual } from './resolve-target.js'
import type { RouterPorts } from './router-ports.js'
import type { Setup } from './setup.js'
import type { Understood } from './understand-call.js'

/** A request and everything its decision uses, except what other models say about it. */
export interface Undecided {
  readonly id: string
  readonly outlet: Outlet
  readonly understood: Understood
}

/** Collects what a decision needs, and decides. */
export function decideCall({ id, outlet, understood }: Undecided, ports: RouterPorts, advice: Advice | null = null): DecidedCall {
  const { setup, read, target } = understood
  const { inbound } = read
  const atMs = ports.clock.now()
  const tzMin = timezoneMinutes(atMs)
  const { request } = read
  const { policy } = target.profile
  const signals = advice?.signals ?? understood.signals
  const conversation = digestMessages(request, signals.envelope.tokens, setup.keyed)
  const client = identifyClient(inbound.headers)
  const speaker = readSpeaker(inbound.headers, request.cacheKey, request.userId)
  const key = inbound.key?.name ?? null
  const whole = speaker.session ?? openingOf(conversation.prefixes, key === null ? client : `${client}:${key}`)
  const session = speaker.agent === null ? whole : `${whole}/${speaker.agent}`
  const embeds = inbound.action === 'embeddings'
  const pool = embeds ? setup.embeddings : poolOf(target)
  const leaf = linkPrefixes(conversation.prefixes)
  const budgets = budgetScopes(setup.budgets, { session: whole, profile: policy.name, key }, atMs, tzMin)
  const { deadlineMs, deadlineOfProfile } = askedDeadline(understood)
  const draws = drawsFor(policy, whole, ports.random)
  const inputOf = (models: readonly ModelRev[]): DecideInput => ({
    atMs,
    tzMin,
    policy,
    signals,
    mode: target.mode,
    pinned: target.pinned?.rev.id ?? null,
    // Whoever made the key decides what its holder gets.
    tier: inbound.key?.tier ?? understood.wishes.tier,
    tags: understood.wishes.tags,
    client,
    kind: embeds ? 'embedding' : 'chat',
    limit: request.maxOutputTokens ?? null,
    stream: request.stream,
    cacheMarks: inbound.format !== 'anthropic-messages' || conversation.breakpoints.length > 0,
    deadlineMs,
    models: ports.outlook.models(models, signals, atMs),
    endogenous: ports.state.read({
      atMs,
      session: signals.sideKind === null ? session : null,
      leaf,
      models,
      signedLoop: signals.trajectory.inToolLoop && signals.needs.includes('reasoning-replay'),
      budgets,
      experiment: policy.experiment,
    }),
    draws,
    ...(deadlineOfProfile === true ? { deadlineOfProfile } : null),
  })
  const plain = inputOf(pool)
  // A rule may test the remaining budget and the turn, so only now is it known whether the call can wait.
  const wait = waitOf(plain)
  const slower = wait.ms === null || embeds ? NO_MODELS : slowerServices(pool, wait.ms, inbound, setup)
  const input = slower.length === 0 ? plain : inputOf([...pool, ...slower])
  const wishes = wait.ms === understood.wishes.deadlineMs ? understood.wishes : { ...understood.wishes, deadlineMs: wait.ms }
  const plan = decide(input)
  // Written out: a spread of an object this wide costs more than the decision.
  return {
    inbound,
    codec: read.codec,
    body: read.body,
    request,
    id,
    setup,
    outlet,
    wishes,
    target,
    client,
    session,
    signals,
    conversation,
    leaf,
    asked: advice?.asked ?? NOBODY,
    budgets,
    input,
    plan,
    policy,
    baseline: baselineFor(setup, policy, request, embeds),
    live: { flight: null, gone: null, wake: null, attempts: 0, unsigned: false },
  }
}

/** How long a client that asks for flex processing is prepared to wait: the time-out that OpenAI's guide recommends. */
const FLEX_MS = 15 * 60_000

/** How long a call says that it may wait: the client's own word, else what asking for flex means, else the profile's. */
function askedDeadline({ wishes, read, target, setup }: Understood): Pick<DecideInput, 'deadlineMs' | 'deadlineOfProfile'> {
  const deadlineMs = wishes.deadlineMs ?? (read.request.serviceTier === 'flex' ? FLEX_MS : null)
  const ofProfile = setup.deadlines?.get(target.profile.policy.name)
  return deadlineMs !== null || ofProfile === undefined ? { deadlineMs } : { deadlineMs: ofProfile, deadlineOfProfile: true }
}

/** A service is a candidate when at least this many times its usual time is left. */
const SLACK = 2

/** The batch and flex services of a pool that can be expected to be done within the deadline. */
function slowerServices(
  pool: readonly ModelRev[],
  deadlineMs: number,
  { mayBatch = false }: Inbound,
  { tiers }: Setup,
): readonly ModelRev[] {
  const services = pool.flatMap(({ id }) => tiers?.get(id) ?? []).map(({ rev }) => rev)
  return services.filter((rev) => (mayBatch || rev.tier === 'flex') && deadlineMs >= SLACK * rev.speed.ttftMs)
}

/** The pool that a policy chooses from; a pinned model belongs to it even if the profile leaves it out. */
function poolOf({ profile, pinned }: CallTarget): readonly ModelRev[] {
  const { revs } = profile
  return pinned === null || revs.includes(pinned.rev) ? revs : [...revs, pinned.rev]
}

/** A conversation without an id is identified by its client and its opening: the constant part and the first message after it. */
function openingOf(prefixes: DecidedCall['conversation']['prefixes'], who: string): string {
  return `${who}:${(prefixes[1] ?? prefixes[0])?.digest ?? ''}`
}

/** Every place of DRAW; an experiment's is the session's own, so that it stays in its arm. */
function drawsFor({ exploration, experiment, shadow }: ResolvedPolicy, session: string, random: () => number): readonly number[] {
  if (exploration.rate <= 0 && experiment === null && shadow == null) return NO_DRAWS
  return [random(), random(), experiment === null ? 0 : armDraw(experiment.salt, session), random()]
}

const NO_DRAWS: readonly number[] = []

/**
 * The configured baseline, else the model the client named, else the pool's strongest. Embeddings are compared with embedding models, of
 * which only the price is known: the dearest stands for the strongest.
 */
function baselineFor(setup: Setup, policy: ResolvedPolicy, request: Request, embeds: boolean): string | null {
  if (policy.baseline !== null && !embeds) return policy.baseline
  const named = isVirtual(request.model) ? null : findModel(setup, request.model)
  if (named !== null) return named.rev.id
  if (!embeds) return setup.ablest
  return setup.embeddings.toSorted((a, b) => (b.rates?.input ?? 0) - (a.rates?.input ?? 0))[0]?.id ?? null
}

const NOBODY: DecidedCall['asked'] = []
const NO_MODELS: readonly ModelRev[] = []
