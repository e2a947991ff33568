import type { PrefixLink } from '../policy/index.js'

export interface Drift {
  readonly tokens: number
  /** Drift of an earlier prompt of the conversation, by the digest that it ended at; 0 when it is not remembered. */
  at(prefix: string): number
}

interface Step {
  /** Where the prompt ended: its digest and depth instead of the link, which would retain its complete conversation. */
  readonly digest: string
  readonly depth: number
  /** Before the answer, and after it. */
  readonly prompt: number
  readonly next: number
}

const NONE: Drift = { tokens: 0, at: () => 0 }
/** Prompts remembered a session: a model that comes back finds its cache no further behind than this. */
const MOST_STEPS = 12
/** Sessions remembered, the ones not used for longest forgotten first: about a kilobyte each. */
const MOST_SESSIONS = 20_000

/**
 * How much longer or shorter a conversation would be by now, in reference tokens: a model that writes more makes every later prompt of its
 * session longer. Kept for each session while its prompts continue one another; a conversation that starts over has none.
 */
export function trackDrift() {
  const sessions = new Map<string, { steps: readonly Step[] }>()
  /** Drift of the prompt that ends at `leaf`. */
  const before = (session: string | null, leaf: PrefixLink | null): Drift => {
    const history = session === null ? undefined : sessions.get(session)
    const last = history?.steps.at(-1)
    if (history === undefined || last === undefined || !goesOn(leaf, last)) return NONE
    return { tokens: last.next, at: (prefix) => history.steps.find((s) => s.digest === prefix)?.prompt ?? 0 }
  }
  return {
    before,
    /** The answer to it would have had `tokens` more. */
    after(session: string | null, leaf: PrefixLink | null, tokens: number): void {
      if (session === null || leaf === null) return
      const { tokens: prompt } = before(session, leaf)
      const step = { digest: leaf.digest, depth: leaf.depth, prompt, next: prompt + tokens }
      const known = sessions.get(session)
      sessions.delete(session)
      // Nothing to remember as long as the conversation is as recorded.
      if (prompt === 0 && tokens === 0) return
      const history = known === undefined || prompt === 0 ? { steps: [] } : known
      // A copy takes no more room than it needs; a list that is pushed to has room for sixteen, and most sessions have one step.
      history.steps = [...history.steps.slice(1 - MOST_STEPS), step]
      sessions.set(session, history)
      if (sessions.size > MOST_SESSIONS) for (const oldest of sessions.keys()) if (sessions.delete(oldest)) break
    },
  }
}

/** Whether a prompt continues an earlier one. */
export function goesOn(leaf: PrefixLink | null, from: Pick<PrefixLink, 'depth' | 'digest'>): boolean {
  let link = leaf
  while (link !== null && link.depth > from.depth) link = link.parent
  return link?.digest === from.digest
}
