import { resolve } from 'node:path'
import { findHistory, HISTORY_SOURCES, type HistoryFile, type HistorySource } from '../../history/index.js'
import { Fault } from '../../kit/index.js'
import { createThread } from '../../kit/thread.js'
import type { Ledger } from '../../ledger/index.js'
import type { Cli } from '../cli.js'
import type { HistoryWanted, UnderstoodBatch } from './understand-history.js'
import type { UnderstandTask } from './understand-thread.js'

/** Logs smaller than this are read before a second thread has started. Bytes. */
const WORTH_THREAD = 8 * 1024 * 1024
/** Short-lived data: with enough room it is seldom copied by the garbage collector. */
const YOUNG_MB = 32
/** Batches that may wait for the ledger. */
const AHEAD = 4

/** The log files of a source, and what reads them. */
export interface Logs {
  readonly source: HistorySource
  readonly files: readonly HistoryFile[]
  readonly bytes: number
  readonly reader: LogReader
}

interface LogReader {
  /** Begins to read logs and to classify their requests. `ledger` is asked which calls it has; null where it can have none of them. */
  understand(wanted: HistoryWanted, ledger: Ledger | null): AsyncIterable<UnderstoodBatch>
  stop(): Promise<void>
}

/** Calls of logs as they are read, and what is kept of them: what people read, why a model was chosen, or figures only. */
export interface Reading {
  readonly logs: Logs
  readonly batches: AsyncIterable<UnderstoodBatch>
  readonly keeps: 'text' | 'reasons' | 'figures'
}

/**
 * Finds logs, and has the thread that reads large ones started before the rest of the program is loaded, since it has modules of its own to
 * load. `path` is a file or folder; without it they are where the tool keeps them.
 */
export async function withLogs<T>(cli: Cli, source: HistorySource, path: string | undefined, work: (logs: Logs) => Promise<T>): Promise<T> {
  const home = cli.io.env.HOME ?? cli.io.env.USERPROFILE ?? cli.io.cwd
  const files = findHistory(source, path === undefined ? undefined : resolve(cli.io.cwd, path), { home, env: cli.io.env })
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  const reader = openLogReader(bytes)
  try {
    return await work({ source, files, bytes, reader })
  } finally {
    await reader.stop()
  }
}

/** A reader of logs of so many bytes: if they are large a separate thread, which is started immediately. */
function openLogReader(bytes: number): LogReader {
  // Only the built program has files that a thread can load.
  const isBuilt = import.meta.url.endsWith('.js')
  if (!isBuilt || bytes < WORTH_THREAD) return { understand: understandHere, stop: async () => {} }

  const thread = createThread<UnderstandTask, UnderstoodBatch | null>(new URL('./understand-thread.js', import.meta.url), null, {
    limits: { maxYoungGenerationSizeMb: YOUNG_MB },
  })
  const ask = (task: UnderstandTask): Promise<UnderstoodBatch | null> => {
    const asked = thread.ask(task)
    // It is waited for when the batches before it are done: until then a failure is no unhandled one.
    asked.catch(() => {})
    return asked
  }
  async function* batches(ahead: Promise<UnderstoodBatch | null>[]): AsyncGenerator<UnderstoodBatch> {
    for (;;) {
      const batch = await ahead.shift()
      if (batch == null) return
      ahead.push(ask('next'))
      yield batch
    }
  }
  void ask('load')
  return {
    understand(wanted, ledger) {
      const task = { wanted, ledger: ledger?.path ?? null }
      return batches(Array.from({ length: AHEAD }, (_, i) => ask(i === 0 ? task : 'next')))
    },
    stop: thread.stop,
  }
}

/** Loaded only for this: where a thread reads, this one need not know the formats. */
async function* understandHere(wanted: HistoryWanted, ledger: Ledger | null): AsyncGenerator<UnderstoodBatch> {
  const { understandHistory } = await import('./understand-history.js')
  yield* understandHistory(wanted, ledger)
}

/** Begins to read figures alone, into a ledger that is thrown away. */
export function readFigures(logs: Logs): Reading {
  const { source, files, reader } = logs
  return { logs, batches: reader.understand({ source, files, isKeyed: false, withTexts: false }, null), keeps: 'figures' }
}

/** What `--from` names, SOURCE or SOURCE:PATH. Throws E_USAGE. */
export function parseFrom(from: string): [source: HistorySource, path: string | undefined] {
  const colon = from.indexOf(':')
  const name = colon < 0 ? from : from.slice(0, colon)
  const source = HISTORY_SOURCES.find((known) => known === name)
  if (source === undefined)
    throw new Fault('E_USAGE', `'${name}' is no source of history.`, { hint: `Sources are ${HISTORY_SOURCES.join(', ')}.` })
  return [source, colon < 0 ? undefined : from.slice(colon + 1)]
}
