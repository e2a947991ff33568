import { entry } from '../kit/index.js'
import type { ReplayDecided, ReplaySettled } from '../ledger/index.js'
import type { DecideInput, Plan, PrefixLink, ServedBy, StateEvent, StateQuery } from '../policy/index.js'
import { stateOf } from './served.js'

/** Links of neighbouring nodes, a thousand a block. */
const BLOCK = 1024
/** Number of blocks kept: conversations continue within the newest, and others are made again on demand. */
const MOST_BLOCKS = 96

/** The prefix chain of a ledger as links, shared between calls of a conversation. */
export function prefixLinks(trie: {
  parent(node: number): number
  refTokens(node: number): number
  digest(node: number): string
}): (leaf: number | null) => PrefixLink | null {
  const blocks = new Map<number, (PrefixLink | undefined)[]>()
  let last: { readonly index: number; readonly links: (PrefixLink | undefined)[] } | null = null
  const blockOf = (node: number): (PrefixLink | undefined)[] => {
    const index = Math.floor(node / BLOCK)
    if (last !== null && last.index === index) return last.links
    const links = entry(blocks, index, () => new Array<PrefixLink | undefined>(BLOCK).fill(undefined))
    if (blocks.size > MOST_BLOCKS) for (const oldest of blocks.keys()) if (blocks.delete(oldest)) break
    last = { index, links }
    return links
  }
  const known = (node: number): PrefixLink | undefined => blockOf(node)[node % BLOCK]
  return (leaf) => {
    if (leaf === null || leaf === 0) return null
    // Chains are long: walk up to what is known, then down.
    const fresh: number[] = []
    let link: PrefixLink | null = null
    for (let at = leaf; at !== 0; at = trie.parent(at)) {
      link = known(at) ?? null
      if (link !== null) break
      fresh.push(at)
    }
    for (let i = fresh.length - 1; i >= 0; i--) {
      const node = fresh[i]!
      link = { digest: trie.digest(node), refTokens: trie.refTokens(node), depth: link === null ? 0 : link.depth + 1, parent: link }
      blockOf(node)[node % BLOCK] = link
    }
    return link
  }
}

/** What a recorded call needed from the state. */
export function queryOf(row: ReplayDecided, input: DecideInput, leaf: PrefixLink | null): StateQuery {
  const { signals } = input
  return {
    atMs: input.atMs,
    session: sessionOf(row),
    leaf,
    models: input.models.map((m) => m.rev),
    signedLoop: signals.trajectory.inToolLoop && signals.needs.includes('reasoning-replay'),
    budgets: input.endogenous.budgets,
    experiment: input.policy.experiment,
  }
}

function sessionOf(row: ReplayDecided): string | null {
  return row.sideKind === null ? row.session : null
}

/** A recorded decision as the state follows it, under the plan given. */
export function decidedEvent(row: ReplayDecided, input: DecideInput, plan: Plan, leaf: PrefixLink | null): StateEvent {
  return {
    type: 'decided',
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

/** How a recorded call ended, for the state; `cost` if it differs from the recorded one. */
export function settledEvent(call: string, row: ReplaySettled, input: DecideInput, cost = row.costNano): StateEvent {
  // Not simply the last attempt: an answer that a judge rejected is delivered after all when no later model answers.
  const served = row.model === null ? null : (row.attempts.filter((a) => a.purpose === 'serve' && a.model === row.model).at(-1) ?? null)
  return {
    type: 'settled',
    atMs: row.atMs,
    call,
    model: servedBy(input, row.model),
    cacheReadTokens: served?.cacheReadTokens ?? null,
    cacheWrite1hTokens: served?.cacheWrite1hTokens ?? null,
    cost,
    status: row.status === 'running' ? 'interrupted' : row.status,
  }
}

/** How the call would be expected to end with another model. */
export function simulatedSettledEvent(
  call: string,
  row: ReplaySettled,
  input: DecideInput,
  { model, cost, cacheRead }: { readonly model: string | null; readonly cost: number | null; readonly cacheRead: number | null },
): StateEvent {
  return {
    type: 'settled',
    atMs: row.atMs,
    call,
    model: servedBy(input, model),
    cacheReadTokens: cacheRead,
    cacheWrite1hTokens: null,
    cost,
    status: model === null ? 'error' : row.status === 'running' ? 'interrupted' : row.status,
  }
}

function servedBy(input: DecideInput, id: string | null): ServedBy | null {
  return id === null ? null : (stateOf(input, id)?.rev ?? null)
}
