import { setTimeout as sleep } from 'node:timers/promises'
import { findDaemon, type Status } from '../../control/index.js'
import { Fault } from '../../kit/index.js'
import type { Cli } from '../cli.js'
import { remark } from '../say.js'
import { startInBackground } from '../serve/detach.js'

/** Programs register with their maker first. */
const ADDRESS_MS = 45_000
const LOOK_MS = 300

/** The public address of the daemon's tunnel; starts a daemon with one when none runs. Throws E_CONFLICT when it runs without. */
export async function openTunnel(cli: Cli, ledger: string, program: string | true): Promise<string> {
  const running = await findDaemon(ledger)
  if (running !== null && !running.status.tunnel)
    throw new Fault('E_CONFLICT', `The daemon at ${running.url} runs without a tunnel.`, {
      hint: 'End it with `llmroute stop`, then give this command again: it starts one with a tunnel.',
    })
  if (running === null) {
    const daemon = await startInBackground(cli, { tunnel: program })
    remark(cli, `Started a daemon with a tunnel (process ${daemon.status.pid}); waiting for the public address.`)
  }
  for (const until = Date.now() + ADDRESS_MS; Date.now() < until; await sleep(LOOK_MS)) {
    const tunnel: Status['tunnel'] = (await findDaemon(ledger))?.status.tunnel
    if (tunnel?.url) return tunnel.url
  }
  throw new Fault('E_UNAVAILABLE', "The tunnel's program has not named a public address.", {
    hint: 'See `llmroute logs` for what it says.',
  })
}
