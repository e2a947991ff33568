import { resolve } from 'node:path'
import { findHistory, HISTORY_SOURCES, type HistoryFile, type HistorySource } from '../../history/index.js'
import { Fault } from '../../kit/index.js'
import type { Cli } from '../cli.js'
import { type LogReader, openLogReader } from './log-reader.js'
import type { UnderstoodBatch } from './understand-history.js'

/** The log files of a source, and what reads them. */
export interface Logs {
  readonly source: HistorySource
  readonly files: readonly HistoryFile[]
  readonly bytes: number
  readonly reader: LogReader
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
