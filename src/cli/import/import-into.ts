import { resolve } from 'node:path'
import { type Damage, findHistory, type HistorySource, type ImportProgress, importCalls } from '../../history/index.js'
import { Fault } from '../../kit/index.js'
import type { Ledger } from '../../ledger/index.js'
import { ENGINE } from '../../policy/index.js'
import { restoreState } from '../../server/restore-state.js'
import type { Cli } from '../cli.js'
import { loadSetup } from '../load-setup.js'
import { packageVersion } from '../package-version.js'
import { recordLogged } from './record-logged.js'
import { calledBy, loggedModels } from './resolve-logged-model.js'
import type { UnderstoodCall } from './understand-history.js'
import { understandInThread } from './understand-in-thread.js'

export interface Wanted {
  readonly source: HistorySource
  /** File or folder; where the tool keeps its logs unless given. */
  readonly path?: string | undefined
  readonly since?: number
  readonly until?: number
  /** The ledger is thrown away after its figures were read. */
  readonly isPassing?: boolean
}

export interface ImportEvents {
  onDamage(damage: Damage): void
  /** Share of the bytes read, and the calls so far. */
  onProgress(share: number, progress: ImportProgress): void
}

/** Imports logged calls into a ledger, in chronological order; existing calls stay unchanged. */
export async function importInto(
  cli: Cli,
  ledger: Ledger,
  { source, path, isPassing = false, ...range }: Wanted,
  events: ImportEvents,
): Promise<ImportProgress> {
  const home = cli.io.env.HOME ?? cli.io.env.USERPROFILE ?? cli.io.cwd
  const files = findHistory(source, path === undefined ? undefined : resolve(cli.io.cwd, path), { home, env: cli.io.env })
  const total = files.reduce((sum, file) => sum + file.bytes, 0)
  const keeps = isPassing ? 'figures' : ledger.keepsBodies === 'all' ? 'text' : 'reasons'
  const wanted = { source, files, isKeyed: keeps === 'reasons', withTexts: keeps === 'text', ...range }
  // A ledger that is thrown away has no call yet.
  const history = understandInThread(wanted, isPassing ? null : ledger)
  let read = 0

  async function* calls(): AsyncGenerator<UnderstoodCall> {
    for await (const batch of history.batches) {
      for (const damage of batch.damage) events.onDamage(damage)
      read = batch.bytes
      yield* batch.calls
    }
  }

  try {
    const { loaded, pool, policies } = await loadSetup(cli)
    const policy = policies[loaded.config.default]
    if (policy === undefined) throw new Fault('E_CONFIG', `The default profile ${loaded.config.default} is not there.`)
    const chat = pool.models.filter(({ kind }) => kind === 'chat').map((rev) => calledBy(source, rev))
    // Imported calls belong to this run: their age counts from now, not from when they were made.
    ledger.startRun({ appVersion: packageVersion(), engine: ENGINE, startedAt: Date.now() })
    const { state } = await restoreState(ledger, { learn: () => {} })
    const modelOf = await loggedModels(source, chat, loaded.folder)
    const record = recordLogged({ policy, pool: chat, modelOf, state, storedTokens: ledger.prefixTokens, keeps })
    return await importCalls(ledger, calls(), record, {
      isKnown: ({ asked }) => asked === null,
      onProgress: (progress) => events.onProgress(total === 0 ? 1 : read / total, progress),
    })
  } finally {
    await history.stop()
  }
}
