import { type Json, jsonOrText } from './format.js'

/** A value as YAML: plain where that is safe, else as JSON, which YAML reads too. */
export function yamlScalar(value: Json): string {
  if (typeof value === 'string' && /^[A-Za-z][\w./:@-]*[\w/]$/.test(value) && !/^(true|false|yes|no|on|off|null)$/i.test(value))
    return value
  if (Array.isArray(value)) return `[${value.map(yamlScalar).join(', ')}]`
  return JSON.stringify(value)
}

/** What a value of one line means; anything but strings, numbers and booleans stays as written. */
export function yamlValue(raw: string): unknown {
  return /^'.*'$/.test(raw) ? raw.slice(1, -1).replaceAll("''", "'") : jsonOrText(raw)
}
