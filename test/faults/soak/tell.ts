import type { LedgerCheck } from './check-ledger.js'
import { type Seen, TURNS } from './make-call.js'
import type { Sample } from './measure.js'
import type { SoakOptions } from './options.js'
import { exitVerdict, hangVerdict, loadedHandlesVerdict, memoryVerdict, recordVerdict, restHandlesVerdict } from './verdicts.js'

export interface SoakResult {
  readonly options: SoakOptions
  /** Under load. */
  readonly samples: readonly Sample[]
  /** Open handles by kind without any call, before the load and after it. */
  readonly rest: { readonly before: Readonly<Record<string, number>> | null; readonly after: Readonly<Record<string, number>> | null }
  readonly exitMs: number
  /** Seconds that this machine gave to none of it. */
  readonly stoodStill: number
  readonly seen: readonly Seen[]
  /** Calls that a provider got at least one post of. */
  readonly posted: number
  /** Calls not made since too many were open. */
  readonly held: number
  /** Changes of the configuration file. */
  readonly reloads: number
  readonly log: string
  readonly exitCode: number | null
  /** Null when the daemon had ended by itself. */
  readonly health: { readonly inFlight: number; readonly ledger: { readonly kind: string } } | null
  readonly ledger: LedgerCheck
}

/** Prints the figures and a verdict on each; true when nothing leaked, hung or was lost. */
export function tell(result: SoakResult): boolean {
  const { options, seen, samples, ledger, health, log, rest } = result
  const how = count(seen.map((s) => s.how))
  const taken = log.split('configuration reloaded').length - 1
  const refused = log.split('configuration was refused').length - 1
  console.log(
    [
      `calls: ${seen.length} in ${options.minutes} min (${result.held} held back), ${show(how)}; the machine stood still for ${result.stoodStill.toFixed(0)} s`,
      `reloads: ${result.reloads} changes of the file, ${taken} taken, ${refused} refused`,
      `ledger: ${ledger.calls} calls, ${show(ledger.byStatus)}; ${ledger.megabytes.toFixed(1)} MB`,
      `minute: MB resident / handles / open calls`,
      perMinute(samples),
      '',
    ].join('\n'),
  )
  const verdicts = [
    recordVerdict(ledger, result.posted),
    hangVerdict(how.hung ?? 0, how.cut ?? 0, health?.inFlight ?? null),
    memoryVerdict(samples, options.minutes, Math.round(seen.length / 2 / TURNS)),
    loadedHandlesVerdict(samples),
    restHandlesVerdict(rest.before, rest.after),
    exitVerdict(result.exitCode, result.exitMs, health === null),
  ]
  for (const { what, figure, good, aim } of verdicts) {
    console.log(`${good === null ? 'not judged' : good ? 'good' : 'FAILED'}: ${what}: ${figure}. Aim: ${aim}.`)
  }
  const failed = verdicts.filter(({ good }) => good === false)
  console.log(failed.length === 0 ? 'all good' : `FAILED: ${failed.map(({ what }) => what).join('; ')}`)
  return failed.length === 0
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

function perMinute(samples: readonly Sample[]): string {
  return samples
    .filter((_, i) => i % 12 === 0)
    .map((s) => `${Math.round(s.at / 60)}: ${s.rss.toFixed(0)}/${s.handles}/${s.open}`)
    .join('  ')
}
