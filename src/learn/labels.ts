import type { Kind } from '../classify/index.js'
import { remembered } from '../kit/index.js'
import type { LabelledRow } from './labelled-rows.js'

/**
 * The labels of a row. `gain`: strong minus weak models' mean score, over more models than the two sides where that is steadier; `fail`:
 * mean failure of the weak ones; NaN where unknown.
 */
export type Labels = Readonly<ReturnType<typeof labelRows>[number]>

interface Sides {
  readonly strong: readonly string[]
  readonly weak: readonly string[]
}

const GPT4_MIXTRAL: Sides = { strong: ['gpt-4-1106-preview'], weak: ['mistralai/Mixtral-8x7B-Instruct-v0.1'] }
const ZEROEVAL: Sides = {
  strong: ['gpt-4o-2024-08-06', 'gpt-4o-2024-05-13', 'gpt-4-turbo-2024-04-09', 'claude-3-opus-20240229', 'claude-3-5-sonnet-20240620'],
  weak: ['Mixtral-8x7B-Instruct-v0.1', 'Meta-Llama-3-8B-Instruct', 'gpt-3.5-turbo-0125', 'Yi-1.5-9B-Chat'],
}

/** Strong and weak sides of public sources; other sources take the upper and lower third of their models. */
const SIDES: Readonly<Record<string, Sides>> = {
  routellm_mmlu: GPT4_MIXTRAL,
  routellm_gsm8k: GPT4_MIXTRAL,
  llmrouter: {
    strong: ['llama-3.1-nemotron-51b-instruct', 'llama-3.3-nemotron-super-49b-v1'],
    weak: ['mistral-7b-instruct-v0.3', 'qwen2.5-7b-instruct', 'gemma-2-9b-it', 'llama-3.1-8b-instruct'],
  },
  zeroeval_crux: ZEROEVAL,
  zeroeval_mathl5: ZEROEVAL,
  swebench: {
    strong: ['20241103_OpenHands-CodeAct-2.1-sonnet-20241022', '20241202_agentless-1.5_claude-3.5-sonnet-20241022', '20241208_gru'],
    weak: ['20240728_sweagent_gpt4o', '20240402_sweagent_gpt4', '20240615_appmap-navie_gpt4o'],
  },
  shaberi_ja: {
    strong: [
      'gemini__gemini-2.5-pro',
      'gpt-4.5-preview-2025-02-27',
      'gpt-5-2025-08-07',
      'gpt-4o-2024-11-20',
      'gemini__gemini-2.5-flash',
      'gpt-5-mini-2025-08-07',
    ],
    weak: [
      'AXCXEPT__Qwen3-EZO-8B-beta-nothink',
      'Qwen__Qwen3-8B-nothink',
      'Qwen__Qwen3-8B',
      'shisa-ai__shisa-v2-qwen2.5-7b',
      'shisa-ai__shisa-v2-llama3.1-8b',
      'google__gemma-3-4b-it',
      'mistralai__Ministral-8B-Instruct-2410',
      'meta-llama__Llama-3.1-8B-Instruct',
      'weblab-GENIAC__Tanuki-8B-dpo-v1.0',
      'allenai__Olmo-3-7B-Instruct',
      'augmxnt__shisa-gamma-7b-v1',
      'microsoft__Phi-4-mini-instruct',
    ],
  },
}

/** Variants whose failures are formatting, not ability. */
const MISFORMATTED = new Set([
  'gpt-4o-2024-08-06',
  'mistral-large-2407',
  'NousResearch_Hermes-2-Theta-Llama-3-70B',
  'claude-3-opus-20240229-FC',
  'claude-3-sonnet-20240229-FC',
  'claude-3-haiku-20240307-FC',
  'gpt-4-0613-FC',
])

/** Pairs that a gain is measured on beside the thirds. */
const EXTRA_PAIR: Readonly<Record<string, readonly [string, string]>> = {
  bfcl_v1: ['claude-3-5-sonnet-20240620', 'claude-3-haiku-20240307'],
}

/**
 * Few questions, many models: the upper fifth's gain over the lower half of all models is less noisy than that of one pair of sides. The
 * very last models, which hardly answer at all, are left out.
 */
const BROAD: Readonly<Record<string, { readonly strong: number; readonly weak: readonly [from: number, to: number] }>> = {
  shaberi_ja: { strong: 0.2, weak: [0.45, 0.95] },
}

const KIND_OF: Readonly<Record<string, Kind>> = { lcb_codegen: 'contest', bfcl_v1: 'call', shaberi_ja: 'japanese', swebench: 'issue' }

/** Tasks that are the same test under several sources. */
const FAMILY: Readonly<Record<string, string>> = { gsm8k: 'gsm', 'agentverse-mgsm': 'gsm', math: 'math', 'math-l5': 'math' }

/** Tasks where a strict grader fails strong models as well: no evidence that a request is hard. */
const STRICT = new Set(['trivia_qa', 'natural_qa', 'commongen'])
/** Share of a source's models, from the bottom, that represent "a cheap model" where models of all sizes were tested. */
const CHEAPEST = 8

export function labelRows(rows: readonly LabelledRow[]) {
  const sides = remembered((source: string) => sidesOf(source, rows))
  return rows.map((row) => {
    const { gain, fail, broad } = sides(row.source)
    const strong = mean(row, gain.strong)
    const weak = mean(row, gain.weak)
    const pair = EXTRA_PAIR[row.source]
    const extra = pair === undefined ? 0 : 0.5 * ((row.models[pair[0]] ?? 0) - (row.models[pair[1]] ?? 0))
    return {
      kind: KIND_OF[row.source] ?? ('exam' as const),
      family: row.source === 'routellm_mmlu' || row.task === 'mmlu' ? 'mmlu' : (FAMILY[row.task] ?? row.task),
      strong,
      weak,
      gain: broad === null ? strong - weak + extra : mean(row, broad.strong) - mean(row, broad.weak),
      fail: STRICT.has(row.task) ? Number.NaN : 1 - mean(row, fail),
    }
  })
}

/** The sides of the gain, the models whose failures count, and the target of the gain head where that is not the two sides. */
function sidesOf(source: string, rows: readonly LabelledRow[]) {
  const named = SIDES[source]
  const share = BROAD[source]
  const ranked = named !== undefined && share === undefined ? [] : rankModels(source, rows)
  const slice = ([from, to]: readonly [number, number]): readonly string[] =>
    ranked.slice(Math.round(from * ranked.length), Math.round(to * ranked.length))
  const broad = share === undefined ? null : { strong: slice([0, share.strong]), weak: slice(share.weak) }
  if (named !== undefined) return { gain: named, fail: named.weak, broad }
  const third = Math.max(1, Math.floor(ranked.length / 3))
  const weak = ranked.slice(-third)
  return { gain: { strong: ranked.slice(0, third), weak }, fail: source === 'bfcl_v1' ? ranked.slice(-CHEAPEST) : weak, broad }
}

/** The source's models, the best first. */
function rankModels(source: string, rows: readonly LabelledRow[]): readonly string[] {
  const own = rows.filter((row) => row.source === source)
  const sums = new Map<string, { n: number; sum: number }>()
  for (const row of own)
    for (const [model, score] of Object.entries(row.models)) {
      const s = sums.get(model) ?? { n: 0, sum: 0 }
      sums.set(model, { n: s.n + 1, sum: s.sum + score })
    }
  // Models that answered only part of the questions cannot be compared by their means.
  const whole = [...sums].filter(([model, s]) => s.n === own.length && !(source === 'bfcl_v1' && MISFORMATTED.has(model)))
  return (whole.length >= 2 ? whole : [...sums])
    .sort(([a, x], [b, y]) => y.sum / y.n - x.sum / x.n || (a < b ? -1 : 1))
    .map(([model]) => model)
}

function mean(row: LabelledRow, models: readonly string[]): number {
  let n = 0
  let sum = 0
  for (const model of models) {
    const score = row.models[model]
    if (score !== undefined) {
      n++
      sum += score
    }
  }
  return n === 0 ? Number.NaN : sum / n
}
