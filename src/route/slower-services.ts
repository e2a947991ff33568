import type { ModelRev } from '../catalog/index.js'
import type { Inbound } from './exchange.js'
import type { Wishes } from './read-wishes.js'
import type { Setup } from './setup.js'
import type { Understood } from './understand-call.js'

/** What a client that asks for flex processing is ready to wait: the time-out that OpenAI's guide recommends for it. */
const FLEX_MS = 15 * 60_000
/** A service is a candidate when at least this many times its usual time is left. */
const SLACK = 2

/** The wishes with the deadline that holds: the client's own, else what asking for flex means, else the profile's. */
export function withDeadline({ wishes, read, target, setup }: Understood): Wishes {
  if (wishes.deadlineMs !== null) return wishes
  const deadlineMs = read.request.serviceTier === 'flex' ? FLEX_MS : (setup.deadlines?.get(target.profile.policy.name) ?? null)
  return deadlineMs === null ? wishes : { ...wishes, deadlineMs }
}

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
