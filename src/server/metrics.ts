import { addTo, NANO_PER_USD } from '../kit/index.js'
import type { SettledCall } from '../route/index.js'
import type { Runtime } from './runtime.js'

/** Numbers for Prometheus, kept in memory since the start. */
export interface Metrics {
  observe(settled: SettledCall): void
  /** Prometheus text format 0.0.4. */
  write(runtime: Pick<Runtime, 'setup' | 'health' | 'router' | 'ledgerState'>): string
}

/** Upper bounds of the histograms, seconds. */
const BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120] as const

interface Histogram {
  readonly counts: number[]
  sum: number
  count: number
}

const BREAKER_VALUES = { closed: 0, 'half-open': 1, open: 2 } as const

export function createMetrics(): Metrics {
  const calls = new Map<string, number>()
  const attempts = new Map<string, number>()
  const tokens = new Map<string, number>()
  const cost = new Map<string, number>()
  const notional = new Map<string, number>()
  const latency = new Map<string, Histogram>()
  const ttft = new Map<string, Histogram>()
  return {
    observe({ call, row }) {
      const model = label(row.model ?? 'none')
      const profile = label(call.policy.name)
      const who = `model="${model}",profile="${profile}",status="${row.status}"`
      addTo(calls, who, 1)
      const isNotional = call.input.models.some(({ rev }) => rev.id === row.model && rev.notional === true)
      if (row.costNano !== null) addTo(isNotional ? notional : cost, who, row.costNano / NANO_PER_USD)
      for (const a of row.attempts) {
        const name = label(a.model)
        const tried = `model="${name}",profile="${profile}",outcome="${a.outcome}"`
        addTo(attempts, tried, 1)
        if (a.inputTokens) addTo(tokens, `${tried},kind="input"`, a.inputTokens)
        if (a.cacheReadTokens) addTo(tokens, `${tried},kind="cache_read"`, a.cacheReadTokens)
        const written = (a.cacheWrite5mTokens ?? 0) + (a.cacheWrite1hTokens ?? 0)
        if (written) addTo(tokens, `${tried},kind="cache_write"`, written)
        if (a.outputTokens) addTo(tokens, `${tried},kind="output"`, a.outputTokens)
      }
      if (row.latencyMs !== null) addSeconds(latency, who, row.latencyMs / 1000)
      if (row.ttftMs !== null) addSeconds(ttft, who, row.ttftMs / 1000)
    },
    write({ setup, health, router, ledgerState }) {
      const now = Date.now()
      const breakers = setup().pool.map(
        ({ rev }) => [`model="${label(rev.id)}"`, BREAKER_VALUES[health.read(rev.id, now).breaker]] as const,
      )
      const ledger = ledgerState()
      const waiting = ledger.kind === 'ledger' ? 0 : ledger.waiting
      return [
        family('llmroute_calls_total', 'counter', 'Calls by the model that answered, profile and how they ended.', calls),
        family('llmroute_attempts_total', 'counter', 'Attempts by model, profile and outcome.', attempts),
        family('llmroute_tokens_total', 'counter', 'Tokens of attempts by model, profile, outcome and kind.', tokens),
        family('llmroute_cost_usd_total', 'counter', 'Cost of priced calls, USD.', cost),
        family('llmroute_notional_cost_usd_total', 'counter', 'What clients’ own credentials paid for, at list prices, USD.', notional),
        family('llmroute_breaker_state', 'gauge', '0 closed, 1 half-open, 2 open.', new Map(breakers)),
        family('llmroute_in_flight', 'gauge', 'Calls being served.', new Map([['', router.inFlight]])),
        family('llmroute_ledger_waiting', 'gauge', 'Records kept aside while the ledger cannot be written.', new Map([['', waiting]])),
        histogram('llmroute_call_seconds', 'Time from request to the end of the answer.', latency),
        histogram('llmroute_first_token_seconds', 'Time from request to the first byte of the answer.', ttft),
      ].join('')
    },
  }
}

function addSeconds(to: Map<string, Histogram>, labels: string, seconds: number): void {
  let h = to.get(labels)
  if (h === undefined) {
    h = { counts: BUCKETS.map(() => 0), sum: 0, count: 0 }
    to.set(labels, h)
  }
  h.sum += seconds
  h.count++
  for (let i = BUCKETS.length - 1; i >= 0 && seconds <= BUCKETS[i]!; i--) h.counts[i] = (h.counts[i] ?? 0) + 1
}

function label(text: string): string {
  return /["\\\n]/.test(text) ? text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n') : text
}

function family(name: string, type: string, help: string, values: ReadonlyMap<string, number>): string {
  const lines = [...values].map(([labels, value]) => `${name}${labels === '' ? '' : `{${labels}}`} ${value}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

function histogram(name: string, help: string, values: ReadonlyMap<string, Histogram>): string {
  const lines = [...values].map(([labels, h]) => {
    const buckets = BUCKETS.map((le, i) => `${name}_bucket{${labels},le="${le}"} ${h.counts[i]}\n`).join('')
    return `${buckets}${name}_bucket{${labels},le="+Inf"} ${h.count}\n${name}_sum{${labels}} ${h.sum}\n${name}_count{${labels}} ${h.count}\n`
  })
  return `# HELP ${name} ${help}\n# TYPE ${name} histogram\n${lines.join('')}`
}
