import { type Damage, type ImportProgress, importCalls } from '../../history/index.js'
import type { Ledger } from '../../ledger/index.js'
import { ENGINE } from '../../policy/index.js'
import { restoreState } from '../../server/restore-state.js'
import type { Cli } from '../cli.js'
import { packageVersion } from '../version.js'
import type { Reading } from './logs.js'
import { recordLogged } from './record-logged.js'
import { calledBy, loggedModels } from './resolve-logged-model.js'
import { setupForLogs } from './setup-for-logs.js'
import type { UnderstoodCall } from './understand-history.js'

interface ImportEvents {
  onDamage(damage: Damage): void
  /** Share of the bytes read, and the calls so far. */
  onProgress(share: number, progress: ImportProgress): void
}

/** Imports logged calls into a ledger, in chronological order; existing calls stay unchanged. */
export async function importInto(
  cli: Cli,
  ledger: Ledger,
  { logs: { source, bytes }, batches, keeps }: Reading,
  events: ImportEvents,
): Promise<ImportProgress> {
  let read = 0
  let classifierHash = ''

  async function* calls(): AsyncGenerator<UnderstoodCall> {
    for await (const batch of batches) {
      for (const damage of batch.damage) events.onDamage(damage)
      read = batch.bytes
      classifierHash = batch.classifierHash
      yield* batch.calls
    }
  }

  const { policy, pool, others, folder } = await setupForLogs(cli, source)
  const candidates = pool.map((rev) => calledBy(source, rev))
  // Imported calls belong to this run: their age counts from now, not from when they were made. Two imports at once would each give the
  // prefixes that they share tokens of their own, of which the ledger keeps one.
  ledger.startRun({ appVersion: packageVersion(), engine: ENGINE, startedAt: Date.now(), alone: 'import' })
  const { state } = await restoreState(ledger, () => {})
  const modelOf = await loggedModels(source, [...candidates, ...others.map((rev) => calledBy(source, rev))], folder)
  const record = recordLogged({
    policy,
    pool: candidates,
    modelOf,
    state,
    storedTokens: ledger.prefixTokens,
    classifierHash: () => classifierHash,
    keeps,
  })
  return await importCalls(ledger, calls(), record, {
    isKnown: ({ asked }) => asked === null,
    onProgress: (progress) => events.onProgress(bytes === 0 ? 1 : read / bytes, progress),
  })
}
