import type { LedgerCheck } from './check-ledger.js'
import type { Seen } from './make-call.js'
import { type Flatness, flatness, type Sample } from './measure.js'
import type { SoakOptions } from './options.js'

export interface SoakResult {
  readonly options: SoakOptions
  readonly samples: readonly Sample[]
  /** Open handles without any call: before the first one, and a while after the last. Under load they follow the calls that are open. */
  readonly rest: { readonly before: number; readonly after: number | null }
  readonly seen: readonly Seen[]
  /** Calls that a provider got at least one post of. */
  readonly posted: number
  /** Calls not made since too many were open. */
  readonly held: number
  /** Changes of the configuration file. */
  readonly reloads: number
  readonly log: string
  readonly exitCode: number | null
  readonly health: { readonly inFlight: number; readonly ledger: { readonly kind: string } } | null
  readonly ledger: LedgerCheck
}

/** Medians of two quarters may differ by so much: the collector's own breathing. */
const RISE_SHARE = 0.05
/** The network is first used by the first call: its resolver, the ledger's other thread. */
const REST_HANDLES = 8

/** Prints the figures; true when nothing leaked, hung or was lost. */
export function tell(result: SoakResult): boolean {
  const { seen, samples, ledger, health } = result
  const how = count(seen.map((s) => s.how))
  const rss = flatness(samples, (s) => s.rss)
  const own = flatness(samples, (s) => s.own)
  const handles = flatness(samples, (s) => s.handles)
  const taken = result.log.split('configuration reloaded').length - 1
  const refused = result.log.split('configuration was refused').length - 1
  console.log(
    [
      `calls: ${seen.length} in ${result.options.minutes} min (${result.held} held back), ${show(how)}`,
      `reloads: ${result.reloads} changes of the file, ${taken} taken, ${refused} refused`,
      `ledger: ${ledger.calls} calls, ${show(ledger.byStatus)}; ${ledger.megabytes.toFixed(1)} MB; integrity ${ledger.integrity}`,
      `unrecorded ${ledger.unrecorded} of ${result.posted} that reached a provider, doubled ${ledger.doubled}, misjudged ${ledger.misjudged}, left open ${ledger.stillRunning}, without a cost ${ledger.withoutCost}`,
      `resident memory, MB: ${line(rss)}`,
      `memory of its own, MB: ${line(own)}`,
      `open handles: ${line(handles)}`,
      `open handles at rest: ${result.rest.before} before the first call, ${result.rest.after ?? 'unknown'} after the last`,
      `at the end: ${health === null ? `the daemon had ended (${result.exitCode})` : `${health.inFlight} in flight, ledger ${health.ledger.kind}, exit ${result.exitCode}`}`,
      'minute: MB resident / handles',
      perMinute(samples),
    ].join('\n'),
  )
  const failures = [
    ...(health === null ? ['the daemon ended by itself'] : []),
    ...(health !== null && health.inFlight > 0 ? ['calls are still counted as under way'] : []),
    ...(ledger.unrecorded > 0 || ledger.doubled > 0 || ledger.misjudged > 0 || ledger.stillRunning > 0 ? ['the ledger is not right'] : []),
    ...(ledger.integrity === 'ok' ? [] : ['the database is not whole']),
    ...((how.hung ?? 0) > 0 ? ['a client hung'] : []),
    ...((how.cut ?? 0) > 0 ? ['a connection was cut without a word'] : []),
    ...(rss.last > rss.third * (1 + RISE_SHARE) ? ['resident memory rises'] : []),
    ...(result.rest.after !== null && result.rest.after > result.rest.before + REST_HANDLES ? ['handles stay open'] : []),
  ]
  console.log(failures.length === 0 ? 'good' : `FAILED: ${failures.join('; ')}`)
  return failures.length === 0
}

function count(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return counts
}

function show(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([word, n]) => `${word} ${n}`)
    .join(', ')
}

function line({ third, last, rise }: Flatness): string {
  return `median ${third.toFixed(1)} in the third quarter, ${last.toFixed(1)} in the last; ${rise >= 0 ? '+' : ''}${rise.toFixed(1)} over the last half`
}

function perMinute(samples: readonly Sample[]): string {
  return samples
    .filter((_, i) => i % 12 === 0)
    .map((s) => `${Math.round(s.at / 60)}: ${s.rss.toFixed(0)}/${s.handles}`)
    .join('  ')
}
