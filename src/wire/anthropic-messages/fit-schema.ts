import { COMBINED } from '../fit-schemas.js'
import { isRecord, mapValues } from '../json.js'

/**
 * Structured output supports only a part of JSON schema here: objects must be closed, and bounds on numbers, lengths and patterns are
 * refused. The rules are those of the vendor's own SDK (`lib/transform-json-schema`): refused keywords move into the description, where the
 * model still reads them.
 */
const FORMATS = new Set(['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'uri', 'ipv4', 'ipv6', 'uuid'])
const KEYWORDS = new Set(['type', 'description', 'title', 'enum', 'const', 'required', '$ref'])

export function fitSchema(schema: unknown): unknown {
  if (!isRecord(schema)) return schema
  const fitted: Record<string, unknown> = {}
  const refused: string[] = []
  const combined = COMBINED.find((key) => Array.isArray(schema[key]))
  for (const [key, value] of Object.entries(schema)) {
    if (key === '$defs' || key === 'definitions' || key === 'properties')
      fitted[key] = isRecord(value) ? mapValues(value, fitSchema) : value
    else if (key === 'items') fitted.items = fitSchema(value)
    else if (key === combined) fitted[key === 'oneOf' ? 'anyOf' : key] = (value as unknown[]).map(fitSchema)
    else if (isAllowed(key, value)) fitted[key] = value
    else if (key !== '$schema' && key !== 'additionalProperties' && key !== 'strict') refused.push(`${key}: ${JSON.stringify(value)}`)
  }
  if (schema.$ref !== undefined) return { $ref: schema.$ref, ...(fitted.$defs === undefined ? {} : { $defs: fitted.$defs }) }
  if (schema.type === 'object' || fitted.properties !== undefined) fitted.additionalProperties = false
  if (refused.length > 0) {
    const before = typeof schema.description === 'string' ? `${schema.description}\n\n` : ''
    fitted.description = `${before}{${refused.join(', ')}}`
  }
  return fitted
}

function isAllowed(key: string, value: unknown): boolean {
  if (key === 'format') return typeof value === 'string' && FORMATS.has(value)
  if (key === 'minItems') return value === 0 || value === 1
  return KEYWORDS.has(key)
}
