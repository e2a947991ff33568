import { once } from 'node:events'
import { closeSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Cli } from '../cli.js'
import { ledgerPath } from '../open-ledger.js'
import { openDaemonLog, spawnServe } from '../serve/detach.js'

/** Waits before the daemon is started again, milliseconds, from the first to the longest; each is twice the one before. */
const FIRST_MS = 2000
const LONGEST_MS = 60_000
/** A daemon that ran for this long is started again as soon as the first time. */
const RAN_MS = 120_000

/**
 * The program that the Windows task runs: its scheduler retries what could not be started, not what has crashed (MS-TSCH 2.5.4.2). A daemon
 * that was stopped, or whose configuration is wrong, is left alone.
 */
export async function keepRunning(cli: Cli): Promise<void> {
  const ledger = await ledgerPath(cli)
  const { config } = cli.globals()
  const args = ['--db', ledger, ...(config === undefined ? [] : ['--config', config])]
  const log = openDaemonLog(ledger)
  const say = (text: string) => writeSync(log, `llmroute: ${text}\n`)
  const ending = new AbortController()
  const end = () => ending.abort()
  process.once('SIGTERM', end)
  cli.io.interrupted.addEventListener('abort', end, { once: true })
  for (let wait = FIRST_MS; ; wait = Math.min(2 * wait, LONGEST_MS)) {
    const started = performance.now()
    const code = await serveOnce(cli, args, log, ending.signal)
    if (code === 2) say('It is not started again until the next login; `schtasks /Run /TN llmroute` does it now.')
    if (code === 0 || code === 2 || ending.signal.aborted) break
    if (performance.now() - started > RAN_MS) wait = FIRST_MS
    say(`The daemon ended with ${code}; it is started again in ${wait / 1000} seconds.`)
    await sleep(wait, undefined, { signal: ending.signal }).catch(() => undefined)
    if (ending.signal.aborted) break
  }
  process.off('SIGTERM', end)
  closeSync(log)
}

/** Resolves to how it ended: its exit code, or the signal that killed it. */
async function serveOnce(cli: Cli, args: readonly string[], log: number, signal: AbortSignal): Promise<number | string> {
  const child = spawnServe(cli, args, log, { detached: false })
  const stop = () => child.kill('SIGTERM')
  signal.addEventListener('abort', stop)
  const [code, killedBy] = (await once(child, 'exit')) as [number | null, string | null]
  signal.removeEventListener('abort', stop)
  return code ?? killedBy ?? 1
}
