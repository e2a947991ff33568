import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { findDaemon, stopDaemon } from '../../control/index.js'
import { Fault } from '../../kit/index.js'
import { type Cli, examples } from '../cli.js'
import { runningDaemon } from '../running-daemon.js'
import { answer } from '../say.js'

/** Longer than the daemon's own limit for calls under way. */
const WAIT_MS = 40_000
const LOOK_MS = 100

export function define(command: Command, cli: Cli): void {
  command.action(async () => {
    const daemon = await runningDaemon(cli)
    const { pid, ledger } = daemon.status
    await stopDaemon(daemon)
    const until = Date.now() + WAIT_MS
    while (isAlive(pid) && Date.now() < until) await sleep(LOOK_MS)
    if (isAlive(pid) && (await findDaemon(ledger)) !== null)
      throw new Fault('E_TIMEOUT', `Process ${pid} is still serving calls.`, { hint: 'Wait for them, or end the process.' })
    return answer(cli, { stopped: true, pid }, () => `Stopped process ${pid}.`)
  })
  examples(command, 'llmroute stop')
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
