import type { CallLine } from './snapshot.js'

/** Sessions of the newest calls, latest first. Warmth is that of the session's last call whose tokens are known. */
export function sessionsOf(calls: readonly CallLine[]) {
  const sessions = new Map<string, ReturnType<typeof lineOf>>()
  for (const call of calls) {
    if (call.session === null) continue
    const own = lineOf(call.session, call)
    const known = sessions.get(call.session)
    const joined = known && { ...known, costNano: known.costNano + own.costNano, warmth: known.warmth ?? own.warmth }
    sessions.set(call.session, joined ?? own)
  }
  return [...sessions.values()]
}

function lineOf(session: string, { client, turn, model, startedAtMs, costNotional, costNano, cachedTokens, promptTokens }: CallLine) {
  return {
    ...{ session, client, turns: turn, model, lastAtMs: startedAtMs },
    costNano: costNotional ? 0 : (costNano ?? 0),
    /** Share of the last calls' prompt tokens that were read from a cache; null when not reported. */
    warmth: cachedTokens === null || promptTokens === 0 ? null : cachedTokens / promptTokens,
  }
}
