import type { MatchLogic } from '@pydantic/genai-prices'

/** Whether a lower-case model name is meant by a row of the price list; the list's own matching language. */
export function matches(logic: MatchLogic, name: string): boolean {
  if ('or' in logic) return logic.or.some((inner) => matches(inner, name))
  if ('and' in logic) return logic.and.every((inner) => matches(inner, name))
  if ('equals' in logic) return name === logic.equals.toLowerCase()
  if ('starts_with' in logic) return name.startsWith(logic.starts_with.toLowerCase())
  if ('ends_with' in logic) return name.endsWith(logic.ends_with.toLowerCase())
  if ('contains' in logic) return name.includes(logic.contains.toLowerCase())
  return new RegExp(logic.regex, 'i').test(name)
}
