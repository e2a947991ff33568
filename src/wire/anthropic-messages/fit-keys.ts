import { isRecord, type Json, listOf } from '../json.js'

const LEGAL = /^[a-zA-Z0-9_.-]{1,64}$/

/**
 * The vendor refuses all of a request for one argument's name with other characters (`$filter`, `filter[id]`) or more of them: "Property keys
 * should match pattern" (github.com/ComposioHQ/composio/issues/3500, decocms/studio/pull/6874). Such arguments are told in the tool's
 * description; the model then gives them by their own names, as a schema that is not strict lets it.
 */
export function fitKeys(
  schema: Json,
  description: string | undefined,
): { readonly schema: Json; readonly description: string | undefined } {
  const properties = isRecord(schema.properties) ? Object.entries(schema.properties) : []
  const misfits = properties.filter(([name]) => !LEGAL.test(name))
  if (misfits.length === 0) return { schema, description }
  const { additionalProperties: _, required, ...rest } = schema
  const isMisfit = (name: unknown): boolean => typeof name === 'string' && !LEGAL.test(name)
  const needed = listOf(required).filter(isMisfit)
  const told = JSON.stringify({ properties: Object.fromEntries(misfits), ...(needed.length > 0 ? { required: needed } : {}) })
  return {
    schema: {
      ...rest,
      properties: Object.fromEntries(properties.filter(([name]) => LEGAL.test(name))),
      ...(Array.isArray(required) ? { required: required.filter((name) => !isMisfit(name)) } : {}),
    },
    description: [description, `It takes these arguments, too, by exactly these names: ${told}`].filter(Boolean).join('\n\n'),
  }
}
