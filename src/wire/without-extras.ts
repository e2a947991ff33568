import type { Part, Reply } from '../canonical/index.js'

/** An answer without the fields that only its own format has: what another format is given to write. */
export function withoutExtras(reply: Reply): Reply {
  const choices = reply.choices.map((choice) => ({ ...choice, parts: choice.parts.map(withoutExtra) }))
  const { extra: _, ...rest } = reply
  return { ...rest, choices }
}

export function withoutExtra(part: Part): Part {
  if (part.extra === undefined) return part
  const { extra: _, ...rest } = part
  return rest
}
