import { type Outline, outlineSchema } from '../../src/config/schema/outline.js'
import { DEFAULT_MIN_QUALITY, PROFILE_DEFAULTS } from '../../src/policy/presets.js'

const { chainLength, ladder, cascade, exploration, timeouts, limits, pinned, cacheAware, expectedTurnsLeft, afterSend } = PROFILE_DEFAULTS

/** Defaults that the schema leaves out because a profile may take them from the one that it extends. */
const INHERITED: Readonly<Record<string, unknown>> = {
  extends: 'balanced',
  minQuality: DEFAULT_MIN_QUALITY,
  fallbacks: chainLength - 1,
  pinned,
  cacheAware,
  expectedTurnsLeft,
  ladder: ladder.enabled,
  'ladder.up': ladder.up,
  'ladder.down': ladder.down,
  'ladder.maxRung': ladder.maxRung,
  cascade: cascade.enabled,
  'cascade.threshold': cascade.threshold,
  'cascade.hold': cascade.holdMs,
  'exploration.margin': exploration.margin,
  budgetAction: limits.budgetAction,
  'timeouts.total': seconds(timeouts.totalMs),
  'timeouts.connect': seconds(timeouts.connectMs),
  'timeouts.firstByte': seconds(timeouts.firstByteMs),
  'timeouts.idle': seconds(timeouts.idleMs),
  afterSend,
  switchPrefix: false,
}

function seconds(ms: number): string {
  return `${ms / 1000}s`
}

/** Every setting of a configuration file as Markdown tables, generated from the schema that validates it. */
export function configReference(): string {
  const root = outlineSchema()
  const sections = Object.entries(root.properties ?? {}).map(([key, node]) => section(key, node))
  return `| key | takes | default | |\n|---|---|---|---|\n${Object.entries(root.properties ?? {})
    .map(([key, node]) => row(key, node))
    .join('\n')}\n\n${sections.filter((text) => text !== '').join('\n\n')}\n`
}

function section(path: string, node: Outline): string {
  const rows = [...rowsOf(path, node)]
  return rows.length === 0 ? '' : `### ${path}\n\n| key | takes | default | |\n|---|---|---|---|\n${rows.join('\n')}`
}

/** Long lists that another setting has already. */
const NAMED_ABOVE: Readonly<Record<string, string>> = { 'rules[].when.needs': 'one of `models[].accepts.needs`, or a list' }

/** A `When` is described once, in the top-level `rules`. */
const DESCRIBED_ELSEWHERE = /^profiles\.NAME\.rules\[\]/

function* rowsOf(path: string, node: Outline): Iterable<string> {
  for (const [at, inner] of objectsIn(path, node)) {
    for (const [key, value] of Object.entries(inner.properties ?? {})) {
      const here = `${at}.${key}`
      if (DESCRIBED_ELSEWHERE.test(here)) continue
      yield row(here, value)
      yield* rowsOf(here, value)
    }
  }
}

/** The objects that a setting may hold: itself, a branch of a union, the entries of a list or of a table. One with a title says enough. */
function* objectsIn(path: string, node: Outline): Iterable<readonly [string, Outline]> {
  if (node.title) return
  if (node.properties) yield [path, node]
  for (const branch of node.anyOf ?? []) yield* objectsIn(path, branch)
  if (node.items) yield* objectsIn(`${path}[]`, node.items)
  if (typeof node.additionalProperties === 'object') yield* objectsIn(`${path}.NAME`, node.additionalProperties)
}

function row(path: string, node: Outline): string {
  const usual = INHERITED[/^profiles\.NAME\.(.*)/.exec(path)?.[1] ?? ''] ?? node.default
  const fallback = usual === undefined || isPlainObject(usual) ? '' : `\`${JSON.stringify(usual)}\``
  return `| \`${path}\` | ${NAMED_ABOVE[path] ?? takes(node)} | ${fallback} | ${(node.description ?? '').replaceAll('|', '\\|')} |`
}

function takes(node: Outline): string {
  if (node.title) return node.title
  if (node.const !== undefined) return `\`${JSON.stringify(node.const)}\``
  if (node.enum) return node.enum.map((value) => `\`${String(value)}\``).join(', ')
  if (node.anyOf) {
    const [one, ...others] = [...new Set(node.anyOf.map(takes))]
    if (others.join() === `list of ${one}`) return one?.includes(',') ? `${one}, or a list of these` : `${one} or a list`
    return [one, ...others].join(' or ')
  }
  if (node.type === 'array') return `list of ${node.items ? takes(node.items) : 'anything'}`
  if (node.type === 'object') return typeof node.additionalProperties === 'object' ? 'table by name' : 'object'
  return node.type ?? 'anything'
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
