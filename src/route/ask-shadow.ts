import { DAY_MS, type Nano, timezoneMinutes } from '../kit/index.js'
import type { AttemptRow } from '../ledger/types.js'
import { shadowOf, upperBound } from '../policy/index.js'
import { askExtra } from './ask-extra.js'
import type { DecidedCall } from './call.js'
import { outcomesOfReply } from './outcomes.js'
import type { RouterParts } from './router-ports.js'

export type ShadowSpending = ReturnType<typeof createShadowSpending>

/**
 * What shadow calls of each profile have cost today, those under way at their upper bound. `before`: what they cost since the given time
 * according to the ledger; read once per day and profile.
 */
export function createShadowSpending(before: (profile: string, sinceMs: number) => Nano) {
  const sums = new Map<string, { readonly day: number; nano: Nano }>()
  const sumOf = (profile: string, atMs: number) => {
    const offset = timezoneMinutes(atMs) * 60_000
    const day = Math.floor((atMs + offset) / DAY_MS)
    let sum = sums.get(profile)
    if (sum?.day !== day) {
      sum = { day, nano: before(profile, day * DAY_MS - offset) }
      sums.set(profile, sum)
    }
    return sum
  }
  return {
    of: (profile: string, atMs: number): Nano => sumOf(profile, atMs).nano,
    add(profile: string, amount: Nano, atMs: number): void {
      sumOf(profile, atMs).nano += amount
    },
  }
}

/**
 * After the client has its answer, sends the request to the shadow model, within the profile's daily limit. The attempt is recorded with
 * the call, and formal errors in its answer are learned from; nobody waits for it.
 */
export async function askShadow(call: DecidedCall, attempts: readonly AttemptRow[], ports: RouterParts): Promise<void> {
  const { policy, input, plan, signals, request } = call
  if (policy.shadow == null) return
  const atMs = ports.clock.now()
  const id = shadowOf(input, plan, ports.shadows.of(policy.name, atMs))
  const model = id === null ? undefined : call.setup.byId.get(id)
  const state = input.models.find((m) => m.rev.id === id)
  if (model === undefined || state === undefined) return
  const held = upperBound(state, signals.inputTokens, input.limit) ?? 0
  ports.shadows.add(policy.name, held, atMs)
  const n = Math.max(0, ...attempts.map((a) => a.n)) + 1
  const extra = { purpose: 'shadow', n, request, inputTokens: signals.inputTokens, leftMs: policy.timeouts.totalMs } as const
  const asked = await askExtra(call, model, extra, ports)
  ports.shadows.add(policy.name, (asked?.row.costNano ?? 0) - held, atMs)
  if (asked === null) return
  await ports.ledger.attempt(call.id, asked.row)
  if (asked.answer === null) return
  for (const kind of outcomesOfReply(request, asked.answer)) ports.outlook.judged(call, model.rev.id, kind, 1)
}
