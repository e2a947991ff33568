import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import type { ModelRev } from '../../catalog/index.js'
import { configFolder, type PriceSource, priceSource, updatePrices } from '../../config/index.js'
import { daemonHealth, findDaemon, type ModelHealth, reloadDaemon } from '../../control/index.js'
import { DAY_MS, Fault, formatCount, formatMs, formatPercent, type Pico, sigmoid, table, usdPerMTok } from '../../kit/index.js'
import { type RollupRow, withOpenLedger } from '../../ledger/index.js'
import { type Cli, examples } from '../cli.js'
import { loadAsDaemon } from '../load-as-daemon.js'
import { setupOf } from '../load-setup.js'
import { ledgerPath } from '../open-ledger.js'
import { lookOf } from '../paint.js'
import { answer, remark } from '../say.js'

/** Older speeds say little about today's. */
const MEASURED_OVER_MS = 7 * DAY_MS
/** With this share of a model's limit left or less, others are preferred to it: worth showing. */
const SCARCE = 0.1

interface ModelsOptions {
  readonly update?: boolean
  readonly from?: string
}

export function define(command: Command, cli: Cli): void {
  command
    .option('--update', 'fetch newer prices first')
    .option('--from <address>', 'with --update: address or file to read them from (default: the published list)')
  command.action(async ({ update, from }: ModelsOptions) => {
    if (from !== undefined && update !== true) throw new Fault('E_USAGE', 'Give --from together with --update.')
    const folder = await configFolder(cli.io.env)
    if (update === true) await updatePrices(folder, new Date(), from)
    const { loaded, pool } = await setupOf(cli, await loadAsDaemon(cli))
    const path = await ledgerPath(cli, loaded.config)
    const [sums, health] = await Promise.all([measured(path), healthOf(path)])
    const models = pool.models.map((rev) => modelJson(rev, sums.get(rev.id), health.get(rev.id)))
    const basis = pool.sandbox ? 'These models are simulated: no answer is real and nothing is billed.' : age(priceSource(folder))
    await answer(cli, models, () => `${show(models, cli)}\n${basis}`)
    if (update === true) await reloadRunning(cli, path)
  })
  examples(command, 'llmroute models', 'llmroute models --json', 'llmroute models --update --from prices.json')
}

function age({ kind, asOf, from }: PriceSource): string {
  const days = Math.max(0, Math.floor((Date.now() - Date.parse(asOf)) / DAY_MS))
  return kind === 'updated'
    ? `Prices of ${asOf} (${days} days old), from ${from}.`
    : `Prices built in (${from}), for models up to ${asOf.slice(0, 7)} (${days} days old). \`llmroute models --update\` fetches newer ones.`
}

/** A daemon keeps the prices that it started with until it reads its configuration again. */
async function reloadRunning(cli: Cli, path: string): Promise<void> {
  const daemon = await findDaemon(path)
  if (daemon === null) return
  const { error } = await reloadDaemon(daemon)
  remark(cli, error == null ? 'The daemon uses the new prices, too.' : `The daemon keeps its prices: ${error}`)
}

async function measured(path: string): Promise<ReadonlyMap<string, RollupRow>> {
  if (!existsSync(path)) return new Map()
  const query = { by: ['model'], since: Date.now() - MEASURED_OVER_MS, source: null } as const
  const rows = await withOpenLedger(path, { readonly: true }, (ledger) => ledger.rollups(query))
  return new Map(rows.map((row) => [row.by.model ?? '', row]))
}

async function healthOf(path: string): Promise<ReadonlyMap<string, ModelHealth>> {
  const daemon = await findDaemon(path)
  const rows = daemon === null ? [] : await daemonHealth(daemon)
  return new Map(rows.map((row) => [row.model, row]))
}

/** `$0.10`, and as many more places as the price has: `$0.075`. */
function formatRate(usdPerMTok: number): string {
  const text = String(Number(usdPerMTok.toPrecision(6)))
  return `$${/\.\d{3}/.test(text) ? text : usdPerMTok.toFixed(2)}`
}

function show(models: readonly ModelJson[], cli: Cli): string {
  const look = lookOf(cli.io)
  const { paint } = look
  const usd = (value: number | null): string => (value === null ? 'unpriced' : formatRate(value))
  const health = { ok: paint.green('ok'), recovering: paint.yellow('recovering'), down: paint.red('down'), unknown: paint.dim('—') }
  const quota = ({ quotaLeft }: ModelJson): string =>
    quotaLeft === null || quotaLeft > SCARCE ? '' : paint.yellow(`, ${formatPercent(quotaLeft)} of its limit left`)
  return table<ModelJson>(models, look, [
    { head: 'MODEL', cell: (m) => (m.simulated ? `${m.id} ${paint.yellow('simulated')}` : m.id) },
    { head: 'IN $/MTOK', align: 'right', cell: (m) => usd(m.price.inputPerMTok) },
    { head: 'OUT $/MTOK', align: 'right', cell: (m) => usd(m.price.outputPerMTok) },
    { head: 'CONTEXT', leave: 3, align: 'right', cell: (m) => formatCount(m.contextWindow) },
    {
      head: 'QUALITY',
      leave: 5,
      align: 'right',
      cell: (m) => (m.quality === null ? '—' : `${m.quality.toFixed(2)}${m.qualityBasis === 'guess' ? '?' : ''}`),
    },
    { head: 'FIRST TOKEN', leave: 2, align: 'right', cell: (m) => formatMs(m.latency.ttftMs) },
    { head: 'TOK/S', leave: 1, align: 'right', cell: (m) => (m.kind === 'embedding' ? '—' : `${Math.round(m.latency.tokensPerSecond)}`) },
    { head: 'HEALTH', leave: 4, cell: (m) => `${health[m.health]}${quota(m)}` },
  ])
}

const HEALTH = { closed: 'ok', 'half-open': 'recovering', open: 'down' } as const

type ModelJson = Readonly<ReturnType<typeof modelJson>>

function modelJson(rev: ModelRev, sums: RollupRow | undefined, health: ModelHealth | undefined) {
  const { rates } = rev
  const usd = (rate: Pico | null | undefined): number | null => usdPerMTok(rate ?? null)
  return {
    id: rev.id,
    provider: rev.provider,
    kind: rev.kind,
    simulated: rev.simulated,
    /** USD per million tokens; null is unknown. */
    price: {
      inputPerMTok: usd(rates?.input),
      outputPerMTok: usd(rates?.output),
      cacheReadPerMTok: usd(rates?.cacheRead),
      cacheWritePerMTok: usd(rates?.cacheWrite5m),
    },
    contextWindow: rev.contextWindow,
    maxOutput: rev.maxOutput,
    capabilities: rev.accepts.needs,
    /** Share of requests of the reference difficulty that it is expected to answer well, over all kinds of task; null for embeddings. */
    quality: rev.kind === 'chat' ? Math.round(overallQuality(rev) * 1000) / 1000 : null,
    qualityBasis: rev.abilityBasis,
    latency: measuredLatency(sums) ?? { ...rev.speed, measured: false },
    health: health === undefined ? ('unknown' as const) : HEALTH[health.breaker],
    /** The smaller of the remaining shares of requests and tokens per minute; null when nothing limits them or no daemon reports it. */
    quotaLeft: health?.quotaLeft ?? null,
  }
}

function overallQuality({ ability }: ModelRev): number {
  const chances = Object.values(ability).map(({ mean }) => sigmoid(mean))
  return chances.reduce((sum, chance) => sum + chance, 0) / chances.length
}

/** Speed between first and last token over all recorded calls that streamed or at least reported a first token. */
function measuredLatency(sums: RollupRow | undefined) {
  if (sums === undefined || sums.ttftCalls === 0) return null
  const ttftMs = sums.ttftMs / sums.ttftCalls
  const writing = sums.latencyMs - ttftMs * sums.calls
  if (writing <= 0) return null
  return { ttftMs: Math.round(ttftMs * 10) / 10, tokensPerSecond: Math.round(sums.outputTokens / (writing / 1000)), measured: true }
}
