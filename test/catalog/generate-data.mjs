/**
 * Writes src/catalog/data/model-facts.data.ts and sources.data.ts from a folder holding `model-facts.json` (facts of models, each
 * number with a source key) and `abilities.json` (ability by group with standard error, and the regression for models without scores).
 *
 *   node test/catalog/generate-data.mjs FACTS_FOLDER
 *
 * What it decides, because the facts leave it open:
 * - Abilities and speeds are those of the configuration that a call without any setting gets (`defaultConfig`). Where the scores
 *   are of a higher effort, the ability is lowered by the difference of the two configurations' published index (logit), or by
 *   EFFORT_LOSS where only one was published, times the spread of the group relative to coding.
 * - Time to first token of a thinking model often includes the thinking, whose tokens are counted as output too: capped at 5 s.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = process.argv[2]
if (!folder) {
  console.error('usage: node test/catalog/generate-data.mjs FACTS_FOLDER')
  process.exit(2)
}
const facts = JSON.parse(readFileSync(join(folder, 'model-facts.json'), 'utf8'))
const { abilities, regression } = JSON.parse(readFileSync(join(folder, 'abilities.json'), 'utf8'))
const out = join(fileURLToPath(new URL('../../src/catalog/data/', import.meta.url)))
const GROUPS = ['chat', 'knowledge', 'coding', 'math', 'tools', 'writing', 'vision']

/** Loss of index (logit) from the highest effort down to the default; means of GPT-5.2 and Claude Opus 5.5, which have several. */
const EFFORT_LOSS = { none: 0.75, low: 0.6, medium: 0.25, high: 0.12, reasoning: 0, default: 0 }
/** Configuration of a call that sets nothing; the first pattern that matches. From the vendors' documentation. */
const DEFAULT_CONFIG = [
  [/^gpt-5\.[1-4]/, 'none'],
  [/^(gpt-|o\d)/, 'medium'],
  [/^claude-(3|haiku-4|sonnet-4|opus-4-[0-6]|opus-4$)/, 'none'],
  [/^claude-opus-5-5/, 'medium'],
  [/^claude/, 'high'],
  [/^gemini-2\.5-flash-lite/, 'none'],
  [/^(deepseek-v3|deepseek-chat|mistral)/, 'none'],
]
/** Output tokens relative to a model that does not think; rough, until the ledger has measured. */
const VERBOSITY = { none: 1, low: 1.3, default: 2, medium: 2, reasoning: 2, high: 2.5, xhigh: 3.5, max: 4 }
const TTFT_CAP_S = 5
/** Where only the thinking configuration was timed and the default does not think. */
const TTFT_PLAIN_S = 1.5
/** Successors of thinking models for which no page says so. */
const ASSUMED_TO_THINK = ['minimax-m3']
/** Listed limits below this are those of one host, not of a model of 2025 or later: left out, since a limit is clamped to them. */
const LEAST_MAX_OUTPUT = 8192

const nameOf = (id) => id.slice(id.lastIndexOf('/') + 1)
const logit = (p) => Math.log(p / (1 - p))
const round = (x, digits = 3) => Number(x.toFixed(digits))

/** Newest sibling of a family for which something is known: what to assume where a row is silent. */
function siblingSays(model, read) {
  const siblings = facts.models.filter((other) => other.family === model.family && read(other) !== undefined)
  const newest = siblings.sort((a, b) => (b.releaseDate?.value ?? '').localeCompare(a.releaseDate?.value ?? ''))[0]
  return newest && read(newest)
}

function thinks(model) {
  const known = model.capabilities.reasoning?.value
  if (known !== undefined && known !== null) return known
  if (ASSUMED_TO_THINK.includes(nameOf(model.id))) return true
  return (
    ['reasoning', 'high', 'xhigh', 'max'].includes(measuredConfig(model)) ||
    siblingSays(model, (m) => m.capabilities.reasoning?.value ?? undefined) === true
  )
}

function seesImages(model) {
  const of = (m) => m.inputModalities?.value.includes('image')
  return of(model) ?? siblingSays(model, of) ?? null
}

function defaultConfig(model) {
  if (!thinks(model)) return 'none'
  return DEFAULT_CONFIG.find(([pattern]) => pattern.test(nameOf(model.id)))?.[1] ?? 'reasoning'
}

/** The configuration that most of a model's scores are of; the first one on a tie, since rows are listed by what abilities use. */
function measuredConfig(model) {
  const known = Object.keys(VERBOSITY)
  const counts = new Map()
  for (const { config } of model.scores) {
    const effort = known.find((k) => config === k || config.endsWith(` ${k}`))
    if (effort) counts.set(effort, (counts.get(effort) ?? 0) + 1)
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'default'
}

function indexOf(model, config) {
  for (const benchmark of ['aaIntelligenceIndexV4_0', 'aaIntelligenceIndexV4_3_2']) {
    const row = model.scores.find((s) => s.benchmark === benchmark && s.config === config)
    if (row) return { benchmark, value: row.value }
  }
  return null
}

/** How much less the default configuration can do, logits of the index. */
function effortLoss(model, from, to) {
  if (from === to || from === 'none' || !thinks(model)) return 0
  const a = indexOf(model, from)
  const b = indexOf(model, to)
  if (a && b && a.benchmark === b.benchmark) return Math.max(0, logit(a.value / 100) - logit(b.value / 100))
  const top = ['max', 'xhigh', 'high', 'reasoning', 'default'].includes(from)
  return top && !(from === 'high' && to === 'reasoning') ? (EFFORT_LOSS[to] ?? 0) : 0
}

function abilityOf(model, loss) {
  const row = abilities[model.id]
  return GROUPS.map((group) => {
    const entry = row[group]
    if (!entry?.basis) return null
    const spread = regression[group].sdTheta / regression.coding.sdTheta
    return [round(entry.value - loss * spread), round(Math.hypot(entry.se, loss * spread * 0.3))]
  })
}

function speedOf(model, config) {
  const rows = (model.speed ?? []).filter((row) => row.outputTokensPerS)
  const row = rows.find((r) => r.config === config) ?? rows[0]
  if (!row) return null
  const cap = config === 'none' && row.config !== 'none' && row.config !== 'default' ? TTFT_PLAIN_S : TTFT_CAP_S
  return [Math.round(Math.min(row.ttftS ?? 1, cap) * 1000), round(row.outputTokensPerS, 1), row.source]
}

const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']
function effortsOf(model) {
  const value = model.capabilities.effort?.value
  if (value?.values) return EFFORTS.filter((e) => value.values.includes(e))
  if (value?.levels?.off === null && Object.keys(value.levels).length === 1) return ['minimal', 'low', 'medium', 'high']
  const levels = Object.values(value?.levels ?? {}).map((level) => String(level).toLowerCase())
  return EFFORTS.filter((e) => levels.includes(e))
}

function basisOf(model) {
  const bases = GROUPS.slice(0, 5).map((group) => abilities[model.id][group]?.basis)
  return bases.filter((basis) => basis === 'measured').length >= 3 ? 'measured' : 'regressed'
}

function maxOutputOf(model) {
  const listed = model.maxOutputTokens?.value ?? null
  return listed !== null && listed < LEAST_MAX_OUTPUT && (model.releaseDate?.value ?? '2025') >= '2025' ? null : listed
}

function rowOf(model) {
  const config = defaultConfig(model)
  const measured = measuredConfig(model)
  const loss = effortLoss(model, measured, config)
  const speed = speedOf(model, config)
  return {
    id: nameOf(model.id),
    ...(model.aliases.length > 0 ? { also: model.aliases } : {}),
    released: model.releaseDate?.value ?? null,
    window: model.contextWindow?.value ?? null,
    maxOutput: maxOutputOf(model),
    image: seesImages(model),
    tools: model.capabilities.tools?.value ?? null,
    reasoning: thinks(model),
    efforts: effortsOf(model),
    cacheMin: model.capabilities.promptCaching?.minTokens?.value ?? null,
    config,
    speed: speed ? speed.slice(0, 2) : null,
    verbosity: VERBOSITY[config] ?? 1,
    ability: abilityOf(model, loss),
    basis: basisOf(model),
    src: [...new Set([model.contextWindow?.source, model.maxOutputTokens?.source, speed?.[2], ...model.scores.map((s) => s.source)])]
      .filter(Boolean)
      .join(' '),
  }
}

const chat = facts.models.filter((model) => model.kind === 'chat')
const rows = chat.map(rowOf)
const priceOf = new Map(chat.map((model) => [nameOf(model.id), model.pricePerMtok?.output]))

/** log10 speed on log10 price: what to expect of a model whose speed nobody published. */
const points = rows.filter((r) => r.speed && priceOf.get(r.id)).map((r) => [Math.log10(priceOf.get(r.id)), Math.log10(r.speed[1])])
const mean = (xs) => xs.reduce((a, b) => a + b, 0) / xs.length
const [mx, my] = [mean(points.map((p) => p[0])), mean(points.map((p) => p[1]))]
const slope = mean(points.map(([x, y]) => (x - mx) * (y - my))) / mean(points.map(([x]) => (x - mx) ** 2))
const ttft = rows
  .filter((r) => r.speed && r.config === 'none')
  .map((r) => r.speed[0])
  .sort((a, b) => a - b)

/** Anchors of the ability scale: mean theta of the class that is to be good in 62 and in 95 of 100 reference requests. */
const LOW = ['gpt-4o-mini', 'gpt-4.1-nano', 'gemini-2.0-flash-lite', 'mistral-small-3.2-24b-instruct', 'llama-4-scout']
const anchors = GROUPS.map((group, i) => {
  const of = (id) => rows.find((row) => row.id === id)?.ability[i]?.[0]
  const low = mean(LOW.map(of).filter((x) => x !== undefined))
  const high = mean(
    rows
      .map((row) => row.ability[i]?.[0])
      .filter((x) => x !== undefined)
      .sort((a, b) => b - a)
      .slice(0, 3),
  )
  return [group, { low: round(low), high: round(high) }]
})

const coefficients = GROUPS.map((group) => {
  const { coef, standaloneLooRmse } = regression[group]
  return [group, { ...coef, rmse: round(standaloneLooRmse) }]
})

const HEADER = '/** Generated by test/catalog/generate-data.mjs; the rules by which it chooses are told there. Do not edit by hand. */\n'
const used = new Set(rows.flatMap((row) => row.src.split(' ')))
const clean = (text) =>
  text
    .replace(/\s*\(?(via )?(read_file id|find_string hit id|via) ?\d*[^)]*\)/g, '')
    .replace(/,? via (read_file id )?\d+/g, '')
    .replace(/[,\s]+$/, '')
const sources = Object.entries(facts.sources).filter(([key]) => used.has(key))
const sourceRows = sources.map(([key, s]) => [key, { title: clean(s.title), url: /^https?:/.test(s.url) ? s.url : null, date: s.date }])

writeFileSync(
  join(out, 'sources.data.ts'),
  `${HEADER}export const SOURCES: Readonly<Record<string, { readonly title: string; readonly url: string | null; readonly date: string }>> = {\n${sourceRows
    .map(([key, s]) => `  ${key}: ${JSON.stringify(s)},`)
    .join('\n')}\n}\n`,
)
writeFileSync(
  join(out, 'model-facts.data.ts'),
  `${HEADER}import type { ModelFacts } from '../facts.js'

/** Made from pages and packages of ${facts.generated}; src names the keys of sources.data.ts. */
export const MODEL_FACTS: readonly ModelFacts[] = [
${rows.map((row) => `  ${JSON.stringify(row)},`).join('\n')}
]

/** Mean raw ability of the classes that fix the ability scale, by group. */
export const ABILITY_ANCHORS = ${JSON.stringify(Object.fromEntries(anchors))} as const

/** Ridge regression of raw ability on price, date and kind, for models without scores; rmse is its leave-one-out error. */
export const ABILITY_REGRESSION = ${JSON.stringify(Object.fromEntries(coefficients))} as const

/** Speed of a model nobody measured: tokens/s = 10^(intercept + slope log10(output price)), time to first token in ms. */
export const SPEED_REGRESSION = ${JSON.stringify({ slope: round(slope), intercept: round(my - slope * mx), ttftMs: ttft[Math.floor(ttft.length / 2)] })} as const
`,
)
console.log(`${rows.length} models, ${sourceRows.length} sources; speed ~ price slope ${round(slope)}`)
