import { z } from 'zod'
import { configSchema } from './config.js'

/** The schema as plain data (JSON Schema), for the reference and for error messages. */
export interface Outline {
  readonly type?: string
  readonly title?: string
  readonly description?: string
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Outline[]
  readonly items?: Outline
  readonly properties?: Readonly<Record<string, Outline>>
  readonly propertyNames?: Outline
  readonly additionalProperties?: Outline | boolean
}

export function outlineSchema(): Outline {
  return z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as Outline
}

/** The keys that an object at this path of a configuration may have; empty if there is none, or if any name is allowed. */
export function keysAt(path: readonly PropertyKey[]): readonly string[] {
  return [
    ...new Set(path.reduce<readonly Outline[]>((at, key) => at.flatMap((node) => below(node, key)), [outlineSchema()]).flatMap(keysOf)),
  ]
}

function below(node: Outline, key: PropertyKey): readonly Outline[] {
  const own = typeof key === 'number' ? node.items : (node.properties?.[String(key)] ?? node.additionalProperties)
  return [...(typeof own === 'object' ? [own] : []), ...(node.anyOf ?? []).flatMap((branch) => below(branch, key))]
}

function keysOf(node: Outline): readonly string[] {
  return [...Object.keys(node.properties ?? {}), ...namesIn(node.propertyNames), ...(node.anyOf ?? []).flatMap(keysOf)]
}

function namesIn(names: Outline | undefined): readonly string[] {
  return [...(names?.enum ?? []).map(String), ...(names?.anyOf ?? []).flatMap(namesIn)]
}
