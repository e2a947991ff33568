import { undatedName } from './model-name.js'
import { discounted } from './rates.js'
import type { Rates } from './types.js'

interface Discount {
  /** Share of the standard price, on every kind of token; of a fast mode more than 1. */
  readonly factor: number
  /** Models that have the tier, by undated name; absent means all. */
  readonly models?: RegExp
  readonly source: string
}

/** By provider; the first that a model has counts. */
type Discounts = Readonly<Record<string, readonly Discount[]>>

/** Asynchronous batch APIs. xAI's discount varies from 20 to 50 percent by model and is left out. */
const BATCH: Discounts = {
  openai: [{ factor: 0.5, source: 'https://platform.openai.com/docs/guides/batch' }],
  anthropic: [{ factor: 0.5, source: 'https://docs.anthropic.com/en/docs/build-with-claude/batch-processing' }],
  google: [{ factor: 0.5, models: /^gemini-/, source: 'https://ai.google.dev/gemini-api/docs/batch-api' }],
  mistral: [{ factor: 0.5, source: 'https://docs.mistral.ai/capabilities/batch/' }],
  groq: [{ factor: 0.5, source: 'https://console.groq.com/docs/batch' }],
  together: [{ factor: 0.5, source: 'https://www.together.ai/blog/batch-api' }],
}

/**
 * `service_tier: 'flex'`. A model without it answers 400, so only models that a source names are here: OpenAI's guide named o3,
 * o4-mini and the GPT-5 family; the price list's notes name Gemini 3.5 to 3.8. Groq's flex tier has the standard price and is no discount.
 */
const FLEX: Discounts = {
  openai: [
    {
      factor: 0.5,
      models: /^(?:o3|o4-mini|gpt-5(?:-[12])?(?:-mini|-nano)?|gpt-5-[456](?:-mini|-nano|-sol|-terra|-luna)?)$/,
      source: 'https://platform.openai.com/docs/guides/flex-processing',
    },
  ],
  google: [{ factor: 0.5, models: /^gemini-3-[5-8]-flash/, source: 'https://ai.google.dev/gemini-api/docs/flex-inference' }],
}

/**
 * Anthropic's `speed: 'fast'`, and OpenAI's `service_tier: 'priority'`, which is called `fast` since July 2026; Codex and Claude Code ask for them
 * after `/fast`. Only models whose price a source names are here.
 */
const FAST: Discounts = {
  anthropic: [{ factor: 2, models: /^claude-(?:opus-(?:4-8|[5-9])|fable-5-[2-9])/, source: 'https://code.claude.com/docs/en/fast-mode' }],
  openai: [
    { factor: 2.5, models: /^gpt-5-5$/, source: 'https://openai.com/api-fast-mode/' },
    { factor: 1.8, models: /^gpt-5-mini$/, source: 'https://openai.com/api-fast-mode/' },
    { factor: 1.75, models: /^gpt-4-1$/, source: 'https://openai.com/api-fast-mode/' },
    { factor: 2, models: /^gpt-[56](?!.*-(?:nano|pro)$)(?:-[\w-]+)?$/, source: 'https://developers.openai.com/api/docs/pricing' },
  ],
}

export function batchRates(provider: string, name: string, rates: Rates | null): Rates | null {
  return apply(BATCH[provider], name, rates)
}

export function flexRates(provider: string, name: string, rates: Rates | null): Rates | null {
  return apply(FLEX[provider], name, rates)
}

export function fastRates(provider: string, name: string, rates: Rates | null): Rates | null {
  return apply(FAST[provider], name, rates)
}

function apply(discounts: readonly Discount[] = [], name: string, rates: Rates | null): Rates | null {
  const found = discounts.find(({ models }) => models === undefined || models.test(undatedName(name)))
  return found === undefined || rates === null ? null : discounted(rates, found.factor)
}
