import { createRequire } from 'node:module'
import type { MatchLogic, ModelInfo, ModelPrice, Provider } from '@pydantic/genai-prices'
import { entry } from '../kit/index.js'
import { type PriceSpec, ratesFromPrice } from './rates.js'
import type { Rates } from './types.js'

export interface ListedPrice {
  /** The row's own id in the price list. */
  readonly id: string
  readonly rates: Rates | null
  readonly contextWindow: number | null
  readonly deprecated: boolean
  /** What the model produces, as far as its prices show. */
  readonly kind: 'chat' | 'embedding' | 'other'
}

/** A price list as it stood on one day. */
export interface PriceBook {
  /** The row of a model at a provider of the list; null when there is none. */
  find(priceId: string, name: string): ListedPrice | null
  /** Every row of a provider, in the list's order. */
  list(priceId: string): readonly ListedPrice[]
}

/** Version and newest data of the price list that llmroute is built with. */
export const PRICE_DATA = { package: '@pydantic/genai-prices', version: '0.1.8', newestModels: '2026-09' } as const

/** A price list in the package's own form, newer than the one that is built in. */
export type PriceList = readonly Provider[]

/** Rows of the built-in list that were asked for on one day: a daemon that reads its configuration again finds most of its models here. */
const found = new Map<string, ListedPrice | null>()
let foundOn = ''

/**
 * Opens the price list as of `day` (ISO date). The built-in one is half a megabyte of script, about 50 ms: loaded only when no newer list is
 * given, for the first model that was not asked for on this day.
 */
export async function openPrices(day: string, list: PriceList | null = null): Promise<PriceBook> {
  if (day !== foundOn) found.clear()
  foundOn = day
  const provider = list === null ? builtIn : (priceId: string) => list.find(({ id }) => id === priceId)
  const find = (priceId: string, name: string): ListedPrice | null => {
    const row = provider(priceId)?.models.find((model) => matches(model.match, name.toLowerCase()) || model.id === name)
    return row ? listed(row, day) : null
  }
  return {
    find: list === null ? (priceId, name) => entry(found, `${day} ${priceId} ${name}`, () => find(priceId, name)) : find,
    list: (priceId) => provider(priceId)?.models.map((model) => listed(model, day)) ?? [],
  }
}

/** The package as it was loaded last: a command may open the list twice before it begins. */
let loaded: WeakRef<typeof import('@pydantic/genai-prices')> | null = null

/** Node is made to forget the package, which a daemon would otherwise hold in 3 MB of its heap to the end; so would a `require` that is kept. */
function builtIn(priceId: string): Provider | undefined {
  return (loaded?.deref() ?? loadPackage()).findProvider({ providerId: priceId })
}

function loadPackage(): typeof import('@pydantic/genai-prices') {
  const load = createRequire(import.meta.url)
  const fresh = load(PRICE_DATA.package) as typeof import('@pydantic/genai-prices')
  delete load.cache[load.resolve(PRICE_DATA.package)]
  loaded = new WeakRef(fresh)
  return fresh
}

function listed(row: ModelInfo, day: string): ListedPrice {
  const price = priceOn(row.prices, day)
  return {
    id: row.id,
    rates: price ? listedRates(price) : null,
    contextWindow: row.context_window ?? null,
    deprecated: row.deprecated ?? false,
    kind: kindOf(row.id, price),
  }
}

/** Rows for speech, pictures, moderation and search are in the list too; they cannot hold a conversation. */
const OTHER =
  /(whisper|tts|transcri|audio|realtime|image|imagen|veo|sora|dall-?e|moderation|rerank|ocr|live|speech|voxtral|guard|search-preview|robotics|computer-use)/

function kindOf(id: string, price: ModelPrice | null): ListedPrice['kind'] {
  if (/embed|bge-|e5-|gte-|-retrieval|ada-002/i.test(id)) return 'embedding'
  if (OTHER.test(id.toLowerCase()) || price?.output_mtok === undefined) return 'other'
  return 'chat'
}

/**
 * The price that holds on a day. A model whose price changes with the hour (DeepSeek's peak hours) gets the one that
 * holds for most of the day, since a revision has one rate row.
 */
function priceOn(prices: ModelInfo['prices'], day: string): ModelPrice | null {
  if (!Array.isArray(prices)) return prices
  let base: ModelPrice | null = null
  let hours = 0
  let hourly: ModelPrice | null = null
  for (const { constraint, prices: price } of prices) {
    if (constraint === undefined) base = price
    else if (constraint.type === 'start_date') base = constraint.start_date <= day ? price : base
    else {
      hours += span(constraint.start_time, constraint.end_time)
      hourly = price
    }
  }
  return hours > 12 ? hourly : base
}

function span(start: string, end: string): number {
  const hour = (time: string): number => Number(time.slice(0, 2)) + Number(time.slice(3, 5)) / 60
  return (hour(end) - hour(start) + 24) % 24
}

/** Whether a lower-case model name is meant by a row of the price list; the list's own matching language. */
function matches(logic: MatchLogic, name: string): boolean {
  if ('or' in logic) return logic.or.some((inner) => matches(inner, name))
  if ('and' in logic) return logic.and.every((inner) => matches(inner, name))
  if ('equals' in logic) return name === logic.equals.toLowerCase()
  if ('starts_with' in logic) return name.startsWith(logic.starts_with.toLowerCase())
  if ('ends_with' in logic) return name.endsWith(logic.ends_with.toLowerCase())
  if ('contains' in logic) return name.includes(logic.contains.toLowerCase())
  return new RegExp(logic.regex, 'i').test(name)
}

type Listed = ModelPrice[string]

/** One row of the price list (USD per million tokens, some with tiers) as a rate row. */
function listedRates(price: ModelPrice): Rates {
  const borders = new Set<number>()
  for (const value of Object.values(price)) if (typeof value === 'object') for (const tier of value.tiers) borders.add(tier.start)
  const tiers = [...borders].map((above) => ({ above, ...pricesAt(price, above) }))
  const perCall = at(price.requests_kcount, 0)
  return ratesFromPrice({
    ...pricesAt(price, 0),
    ...(perCall === undefined ? {} : { perCall: perCall / 1000 }),
    ...(tiers.length > 0 ? { tiers } : {}),
  })
}

function pricesAt(price: ModelPrice, above: number): Omit<PriceSpec, 'tiers' | 'perCall'> {
  return {
    input: at(price.input_mtok, above) ?? null,
    output: at(price.output_mtok, above) ?? (price.input_mtok === undefined ? null : 0),
    cacheRead: at(price.cache_read_mtok, above),
    cacheWrite: at(price.cache_write_mtok, above),
    cacheWrite1h: at(price.cache_write_1h_mtok, above),
    reasoning: at(price.output_reasoning_mtok, above),
  }
}

/** The value for a prompt just longer than `above` tokens. */
function at(listed: Listed, above: number): number | undefined {
  if (typeof listed !== 'object') return listed
  return listed.tiers.filter((tier) => tier.start <= above && above > 0).reduce((_, tier) => tier.price, listed.base)
}
