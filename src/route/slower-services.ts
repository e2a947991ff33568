import type { ModelRev } from '../catalog/index.js'
import type { DecideInput } from '../policy/index.js'
import type { Inbound } from './exchange.js'
import type { Setup } from './setup.js'
import type { Understood } from './understand-call.js'

/** How long a client that asks for flex processing is prepared to wait: the time-out that OpenAI's guide recommends. */
const FLEX_MS = 15 * 60_000
/** A service is a candidate when at least this many times its usual time is left. */
const SLACK = 2

/** How long a call says that it may wait: the client's own word, else what asking for flex means, else the profile's. */
export function askedDeadline({ wishes, read, target, setup }: Understood): Pick<DecideInput, 'deadlineMs' | 'deadlineOfProfile'> {
  const deadlineMs = wishes.deadlineMs ?? (read.request.serviceTier === 'flex' ? FLEX_MS : null)
  if (deadlineMs !== null) return { deadlineMs }
  const ofProfile = setup.deadlines?.get(target.profile.policy.name)
  return ofProfile === undefined ? NO_DEADLINE : { deadlineMs: ofProfile, deadlineOfProfile: true }
}

const NO_DEADLINE = { deadlineMs: null } as const

/** The batch and flex services of a pool that can be expected to be done within the deadline. */
export function slowerServices(
  pool: readonly ModelRev[],
  deadlineMs: number,
  { mayBatch = false }: Pick<Inbound, 'mayBatch'>,
  { tiers }: Pick<Setup, 'tiers'>,
): readonly ModelRev[] {
  if (tiers === undefined) return []
  const services = pool.flatMap(({ id }) => tiers.get(id) ?? []).map(({ rev }) => rev)
  return services.filter((rev) => (mayBatch || rev.tier === 'flex') && deadlineMs >= SLACK * rev.speed.ttftMs)
}
