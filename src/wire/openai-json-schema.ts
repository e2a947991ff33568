import type { OutputFormat } from '../canonical/index.js'
import { type Json, mayBoolean, mayString, needRecord, present } from './json.js'

/** The schema of an answer in OpenAI's formats, which put the same fields in different places. */
export function readJsonSchema(value: unknown, path: string): OutputFormat {
  const { schema, name, description, strict } = needRecord(value, path)
  return {
    type: 'json-schema',
    schema,
    ...present({
      name: mayString(name, `${path}.name`),
      description: mayString(description, `${path}.description`),
      strict: mayBoolean(strict, `${path}.strict`),
    }),
  }
}

/** Another format's schema needs a name, which both formats require. */
export function writeJsonSchema({ name, description, schema, strict }: Extract<OutputFormat, { type: 'json-schema' }>): Json {
  return present({ name, description, schema, strict })
}
