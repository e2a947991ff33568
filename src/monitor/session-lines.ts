import type { CallLine, SessionLine } from './snapshot.js'

/** Sessions of the newest calls, latest first. Warmth is that of the session's last call whose tokens are known. */
export function sessionsOf(calls: readonly CallLine[]): readonly SessionLine[] {
  const sessions = new Map<string, SessionLine>()
  for (const call of calls) {
    if (call.session === null) continue
    const known = sessions.get(call.session)
    const spent = call.costNotional ? 0 : (call.costNano ?? 0)
    const warmth = call.cachedTokens === null || call.promptTokens === 0 ? null : call.cachedTokens / call.promptTokens
    if (known === undefined)
      sessions.set(call.session, {
        session: call.session,
        client: call.client,
        turns: call.turn,
        model: call.model,
        lastAtMs: call.startedAtMs,
        costNano: spent,
        warmth,
      })
    else sessions.set(call.session, { ...known, costNano: known.costNano + spent, warmth: known.warmth ?? warmth })
  }
  return [...sessions.values()]
}
