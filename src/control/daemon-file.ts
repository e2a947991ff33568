import { readFileSync, realpathSync, rmSync } from 'node:fs'
import { z } from 'zod'
import { replacePrivateFile } from '../kit/index.js'

/**
 * The file a daemon writes beside its ledger so that other commands find it: its address and the token of its API. The file may be stale;
 * the listening socket is the lock, and `findDaemon` asks it for its identity.
 */
export const DaemonFile = z.object({ url: z.string(), token: z.string(), pid: z.number(), version: z.string() })
export type DaemonFile = z.infer<typeof DaemonFile>

export function daemonFilePath(ledger: string): string {
  return `${ledger}.daemon.json`
}

/** Where a background daemon writes what it would have printed on a terminal. */
export function daemonLogPath(ledger: string): string {
  return `${ledger}.daemon.log`
}

/** The ledger's name as both sides compare it: symbolic links resolved where the file exists. */
export function ledgerIdentity(ledger: string): string {
  try {
    return realpathSync(ledger)
  } catch {
    return ledger
  }
}

export function writeDaemonFile(ledger: string, content: DaemonFile): void {
  replacePrivateFile(daemonFilePath(ledger), JSON.stringify(content))
}

/** Null when there is none or it is not ours. */
export function readDaemonFile(ledger: string): DaemonFile | null {
  try {
    const parsed = DaemonFile.safeParse(JSON.parse(readFileSync(daemonFilePath(ledger), 'utf8')))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

/** Removes the file when it is this daemon's own; another daemon's is left alone. Where nothing can be removed it stays: it may be stale. */
export function removeDaemonFile(ledger: string, token: string): void {
  if (readDaemonFile(ledger)?.token !== token) return
  try {
    rmSync(daemonFilePath(ledger), { force: true })
  } catch {}
}
