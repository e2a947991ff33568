import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { openPrices, PRICE_DATA, type PriceBook, type PriceList } from '../catalog/index.js'
import { Fault, replacePrivateFile } from '../kit/index.js'

/** Where the maintainers of the built-in list publish it between releases. */
const PUBLISHED = 'https://raw.githubusercontent.com/pydantic/genai-prices/main/prices/new_data/v2/data.json'
const FETCH_MS = 30_000
const MOST_BYTES = 30_000_000

/** The source of prices, and its age. */
export interface PriceSource {
  readonly kind: 'built-in' | 'updated'
  /** ISO day: when the list was fetched; of the built-in one, the month of its newest models. */
  readonly asOf: string
  /** Where an updated list came from; the package of the built-in one. */
  readonly from: string
}

const amount = z.union([z.number(), z.object({ base: z.number(), tiers: z.array(z.object({ start: z.number(), price: z.number() })) })])
const price = z.record(z.string(), amount.optional())
/** Older lists leave out what kind of constraint it is. */
const constraint = z.union([
  z.object({ start_date: z.string() }).transform(({ start_date }) => ({ type: 'start_date' as const, start_date })),
  z
    .object({ start_time: z.string(), end_time: z.string() })
    .transform(({ start_time, end_time }) => ({ type: 'time_of_date' as const, start_time, end_time })),
])
const model = z.looseObject({
  id: z.string(),
  match: z.record(z.string(), z.unknown()),
  prices: z.union([z.array(z.object({ constraint: constraint.nullish().transform((c) => c ?? undefined), prices: price })), price]),
})
const providers = z.array(z.looseObject({ id: z.string(), models: z.array(model) }))
const stored = z.object({ fetchedAt: z.string(), from: z.string(), providers: z.unknown() })

/** The newest prices known here: those that `updatePrices` fetched, else the built-in ones. */
export async function currentPrices(folder: string, now: Date): Promise<PriceBook> {
  return openPrices(now.toISOString().slice(0, 10), read(folder)?.list ?? null)
}

export function priceSource(folder: string): PriceSource {
  const { package: name, version, newestModels } = PRICE_DATA
  return read(folder)?.source ?? { kind: 'built-in', asOf: `${newestModels}-01`, from: `${name} ${version}` }
}

/**
 * Fetches the list (from an address, or a file's path) and stores it in the configuration folder. Throws E_UNAVAILABLE when it cannot be
 * fetched and E_CONFIG, keeping the earlier one, when it is not a price list.
 */
export async function updatePrices(folder: string, now: Date, from = PUBLISHED): Promise<PriceSource> {
  const value = /^https?:/.test(from) ? await fetchList(from) : readList(from)
  const list = asList(value)
  if (list === null || !['openai', 'anthropic', 'google'].every((id) => list.some((provider) => provider.id === id))) {
    throw new Fault('E_CONFIG', `${from} holds no price list that this version can read`, {
      hint: 'The prices in use stay; update llmroute itself.',
    })
  }
  replacePrivateFile(pathIn(folder), JSON.stringify({ fetchedAt: now.toISOString(), from, providers: value }))
  return priceSource(folder)
}

function pathIn(folder: string): string {
  return join(folder, 'prices.json')
}

/** The stored list; null when there is none or it is invalid: then the built-in list is used. */
function read(folder: string): { readonly source: PriceSource; readonly list: PriceList } | null {
  try {
    const { fetchedAt, from, providers: kept } = stored.parse(JSON.parse(readFileSync(pathIn(folder), 'utf8')))
    const list = asList(kept)
    return list && { source: { kind: 'updated', asOf: fetchedAt.slice(0, 10), from }, list }
  } catch {
    return null
  }
}

function asList(value: unknown): PriceList | null {
  const parsed = providers.safeParse(value)
  return parsed.success ? (parsed.data as unknown as PriceList) : null
}

async function fetchList(url: string): Promise<unknown> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_MS) })
    if (!response.ok) throw new Error(`status ${response.status}`)
    const text = await response.text()
    if (text.length > MOST_BYTES) throw new Error('it is too long')
    return JSON.parse(text)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Fault('E_UNAVAILABLE', `The price list could not be fetched from ${url}: ${why}.`, {
      hint: 'The prices in use stay. Try again later, or give a file with `--from FILE`.',
      cause,
    })
  }
}

function readList(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new Fault('E_CONFIG', `${path} could not be read as JSON`, { hint: 'Give the path of a price list, or no --from at all.', cause })
  }
}
