import type { OutputFormat, Request } from '../canonical/index.js'
import { wireFields } from './extra.js'
import { type Json, mayBoolean, mayRecord, mayString, needRecord, present } from './json.js'

/**
 * The form of the answer in OpenAI's formats (`response_format`, `text.format`), at `path`. Chat has the fields of a schema in `json_schema`
 * inside it, Responses beside its type.
 */
export function readOutputFormat(value: unknown, path: string, nested: boolean): OutputFormat | undefined {
  const format = mayRecord(value, path)
  if (format?.type === 'json_object') return { type: 'json' }
  if (format?.type !== 'json_schema') return undefined
  const at = nested ? `${path}.json_schema` : path
  const { schema, name, description, strict } = nested ? needRecord(format.json_schema, at) : format
  return {
    type: 'json-schema',
    schema,
    ...present({
      name: mayString(name, `${at}.name`),
      description: mayString(description, `${at}.description`),
      strict: mayBoolean(strict, `${at}.strict`),
    }),
  }
}

/** `defaults` hold for another format's schema: OpenAI's need a name. */
export function writeOutputFormat(output: OutputFormat, nested: boolean, defaults: { name?: string; strict?: boolean } = {}): Json {
  if (output.type === 'json') return { type: 'json_object' }
  const { name, description, schema, strict } = { ...defaults, ...output }
  const fields = present({ name, description, schema, strict })
  return nested ? { type: 'json_schema', json_schema: fields } : { type: 'json_schema', ...fields }
}

/** What only the client's own vendor is told, and the fields of OpenAI's formats without a neutral name. */
export function ownFields({ cacheKey, userId, serviceTier, extra }: Request): Json {
  return { ...present({ prompt_cache_key: cacheKey, user: userId, service_tier: serviceTier }), ...wireFields(extra) }
}
