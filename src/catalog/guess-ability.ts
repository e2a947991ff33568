import { ABILITY_REGRESSION } from './data/model-facts.data.js'
import { dashedName } from './model-name.js'
import type { AbilityGroup } from './types.js'

/** What the guess is based on. Prices in USD per million tokens, null when unknown. */
export interface Guessable {
  readonly name: string
  readonly priceIn: number | null
  readonly priceOut: number | null
  readonly reasoning: boolean
}

/** Cheapest price that the regression saw; free tiers say nothing about a model. */
const LEAST_PRICE = 0.02
const DEAREST_PRICE = 60
/** Assumed when neither price nor size is known: a small open model. */
const UNKNOWN_PRICE = 0.2
const SMALL = /mini|nano|lite|flash|haiku|small|tiny|air|luna|ministral/

/**
 * Raw ability and standard error of a model without scores: the regression on price, release date, thinking and name that
 * ABILITY_REGRESSION holds, its error inflated for models unlike those it was fitted on.
 */
export function guessRaw(group: AbilityGroup, model: Guessable): readonly [mean: number, se: number] {
  const c = ABILITY_REGRESSION[group]
  const name = dashedName(model.name)
  const years = guessYear(name) - 2024.5
  const out = price(model.priceOut ?? fromSize(name))
  const into = price(model.priceIn ?? out / 3)
  const mean =
    c.intercept +
    c.log10PriceOut * Math.log10(out) +
    c.log10PriceIn * Math.log10(into) +
    c['yearsSince2024.5'] * years +
    c.year2 * Math.max(0, years) ** 2 +
    c.reasoning * (model.reasoning ? 1 : 0) +
    c.smallName * (SMALL.test(name) ? 1 : 0)
  return [mean, c.rmse * 1.5]
}

function price(usd: number): number {
  return Math.min(DEAREST_PRICE, Math.max(LEAST_PRICE, usd))
}

/** What hosts of open models asked in 2026 for a model of so many billion parameters (8B: 0.05 to 0.15 USD, 70B: 0.25 to 0.9). */
function fromSize(name: string): number {
  const billions = Number(/(?:^|-)(\d+(?:-\d)?)b(?:-|$)/.exec(name)?.[1]?.replace('-', '.') ?? Number.NaN)
  return Number.isNaN(billions) ? UNKNOWN_PRICE : 0.02 * billions ** 0.75
}

/** When models of a family came out; the first pattern that matches a dashed name. Years with a fraction. */
const FAMILY_YEARS: readonly (readonly [RegExp, number])[] = [
  [/gpt-6|claude-(?:opus|sonnet|fable|haiku)-5|grok-4-[6-9]|glm-5-[23]|gemini-3-[678]|kimi-k3|mythos/, 2026.6],
  [
    /gpt-5-[56]|claude-opus-4-[78]|gemini-3-5|deepseek-v4|qwen-?3-[67]|(?:gemini-(?:flash|pro)|^claude-(?:opus|sonnet|haiku|fable)|^gpt|^gpt-mini|^gpt-chat|^kimi)-latest|kimi-k2-[67]|grok-4-[35]|gemma-4|minimax-m3/,
    2026.4,
  ],
  [/gpt-5-[34]|claude-(?:opus|sonnet)-4-6|gemini-3-1|glm-5|qwen-?3-5|kimi-k2-5|grok-4-20|minimax-m2-[5-9]|nemotron-3/, 2026.1],
  [/gpt-5-[12]|claude-opus-4-5|gemini-3|deepseek-v3-2|grok-4-1|glm-4-[67]|minimax-m2|devstral-2|ministral-3|mistral-large-3/, 2025.9],
  [
    /gpt-5|gpt-oss|claude-(?:haiku|sonnet)-4-5|opus-4-1|qwen-?3-(?:next|coder|max|vl)|kimi|grok-(?:4|code)|glm-4-5|deepseek-v3-1|magistral/,
    2025.65,
  ],
  [
    /gpt-4-1|o3|o4|claude-(?:opus|sonnet)-4|claude-4|gemini-2-5|qwen-?3|grok-3|llama-?4|gemma-3|deepseek-(?:v3|r1|chat|reasoner)|phi-4|mistral-(?:small|medium)-3/,
    2025.3,
  ],
  [
    /gpt-4o|o1|claude-3-[57]|gemini-2-0|grok-2|qwen-?2-5|qwen-(?:max|plus|turbo|vl)|qwq|llama-?3-[123]|mistral-large|nova|command-a|minimax-0?1|phi-3-5|pixtral|jamba/,
    2024.7,
  ],
  [
    /gpt-4-turbo|claude-3|gemini-1-5|llama-?3|qwen-?2|mixtral-8x22|gemma-2|gemma2|command-r|phi-3|dbrx|wizardlm-2|deepseek-(?:v2|coder)|yi-/,
    2024.3,
  ],
  [/gpt-4|gpt-3|claude|gemini|palm|llama|mistral|mixtral|gemma|qwen|command|openhermes|vicuna|mytho|airoboros|zephyr|solar/, 2023.7],
]

/** An unknown family is assumed to be from early 2025: neither the first generation nor the latest. */
const UNKNOWN_YEAR = 2025

/** Release date of a model by a date in its name, else by its family. */
function guessYear(dashed: string): number {
  const dated = /-(20\d{2})-?([01]\d)/.exec(dashed)
  if (dated) return Number(dated[1]) + (Number(dated[2]) - 1) / 12
  const short = /-(2[3-9])([01]\d)(?:-|$)/.exec(dashed)
  if (short) return 2000 + Number(short[1]) + (Number(short[2]) - 1) / 12
  return FAMILY_YEARS.find(([pattern]) => pattern.test(dashed))?.[1] ?? UNKNOWN_YEAR
}
