import { z } from 'zod'
import { configSchema } from './config.js'

/** The schema as plain data (JSON Schema), for whoever writes about it: the reference and complaints. */
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

/** The keys that an object at this path of a configuration may have; empty where there is none, or any name will do. */
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
