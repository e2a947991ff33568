import type { ReplayDecided, ReplaySettled } from '../ledger/index.js'
import type { DecideInput, Plan, PrefixLink, ServedBy, StateEvent, StateQuery } from '../policy/index.js'

/** The prefix chain of a ledger as links, shared between calls of a conversation. */
export function prefixLinks(trie: {
  parent(node: number): number
  refTokens(node: number): number
  digest(node: number): string
}): (leaf: number | null) => PrefixLink | null {
  const links = new Map<number, PrefixLink>()
  const linkOf = (node: number): PrefixLink | null => {
    if (node === 0) return null
    const known = links.get(node)
    if (known !== undefined) return known
    // Chains are long: walk up to what is known, then down.
    const fresh: number[] = []
    let at = node
    while (at !== 0 && !links.has(at)) {
      fresh.push(at)
      at = trie.parent(at)
    }
    let parent = at === 0 ? null : (links.get(at) ?? null)
    for (let i = fresh.length - 1; i >= 0; i--) {
      const id = fresh[i] as number
      parent = { digest: trie.digest(id), refTokens: trie.refTokens(id), depth: parent === null ? 0 : parent.depth + 1, parent }
      links.set(id, parent)
    }
    return parent
  }
  return (leaf) => linkOf(leaf ?? 0)
}

/** What a recorded call asked of the state. */
export function queryOf(row: ReplayDecided, input: DecideInput, leaf: PrefixLink | null): StateQuery {
  const { signals } = input
  return {
    atMs: input.atMs,
    session: sessionOf(row),
    leaf,
    models: input.models.map((m) => m.rev),
    signedLoop: signals.trajectory.inToolLoop && signals.needs.includes('reasoning-replay'),
    budgets: input.endogenous.budgets,
  }
}

function sessionOf(row: ReplayDecided): string | null {
  return row.sideKind === null ? row.session : null
}

/** A recorded decision as the state follows it, under the plan given. */
export function decidedEvent(row: ReplayDecided, input: DecideInput, plan: Plan, leaf: PrefixLink | null): StateEvent {
  return {
    type: 'decided',
    seq: row.seq,
    atMs: row.atMs,
    call: row.id,
    session: sessionOf(row),
    leaf,
    breakpoints: row.breakpoints,
    chosen: plan.chain > 0 ? servedBy(input, plan.steps[0]?.model ?? null) : null,
    reservations: row.reservations,
    trajectory: input.signals.trajectory,
    mode: row.mode,
    policy: input.policy,
    arm: plan.arm,
  }
}

/** How a recorded call ended, as the state follows it. */
export function settledEvent(call: string, row: ReplaySettled, input: DecideInput): StateEvent {
  const served = row.model === null ? null : (row.attempts.filter((a) => a.purpose === 'serve').at(-1) ?? null)
  return {
    type: 'settled',
    seq: row.seq,
    atMs: row.atMs,
    call,
    model: servedBy(input, row.model),
    cacheReadTokens: served?.cacheReadTokens ?? null,
    cacheWrite1hTokens: served?.cacheWrite1hTokens ?? null,
    cost: row.costNano,
    status: row.status === 'running' ? 'interrupted' : row.status,
  }
}

/** How the call would have ended with another model. What its provider would have reported of its cache is not known. */
export function simulatedSettledEvent(
  call: string,
  row: ReplaySettled,
  input: DecideInput,
  model: string | null,
  cost: number | null,
): StateEvent {
  return {
    type: 'settled',
    seq: row.seq,
    atMs: row.atMs,
    call,
    model: servedBy(input, model),
    cacheReadTokens: null,
    cacheWrite1hTokens: null,
    cost,
    status: model === null ? 'error' : row.status === 'running' ? 'interrupted' : row.status,
  }
}

export function servedBy(input: DecideInput, id: string | null): ServedBy | null {
  if (id === null) return null
  for (const { rev } of input.models) if (rev.id === id) return rev
  return null
}
