/** What `extra` keeps: a format's own fields, and notes on how the client spelled what has a neutral form. */
import type { Extra, Part, Reply } from '../canonical/index.js'

/**
 * Where a wire format spells one thing in two ways (`content: "hi"` and `content: [{type: "text", text: "hi"}]`), the neutral
 * form has one. The reader notes the client's spelling in `extra` under a name that starts with `~`, which no API uses, so
 * that writing the same format gives the same JSON.
 */
export function spelled(extra: Extra | undefined, marks: Readonly<Record<`~${string}`, boolean>>): Extra | undefined {
  let noted: Record<string, unknown> | undefined
  for (const mark in marks) {
    if (!marks[mark as `~${string}`]) continue
    noted ??= { ...extra }
    noted[mark] = true
  }
  return noted ?? extra
}

export function isSpelled(extra: Extra | undefined, mark: `~${string}`): boolean {
  return extra !== undefined && extra[mark] !== undefined
}

/** The fields of the wire alone, without notes on spelling. */
export function wireFields(extra: Extra | undefined): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const key in extra) if (key.charCodeAt(0) !== 0x7e) fields[key] = extra[key]
  return fields
}

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
