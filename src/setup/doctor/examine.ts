import { asFault } from '../../kit/index.js'
import { checkClients } from './checks/clients.js'
import { checkConfiguration } from './checks/configuration.js'
import { checkDaemon } from './checks/daemon.js'
import { checkDisk } from './checks/disk.js'
import { checkKeys } from './checks/keys.js'
import { checkLedger } from './checks/ledger.js'
import { checkLive } from './checks/live.js'
import { checkNetwork } from './checks/network.js'
import { checkNode } from './checks/node.js'
import { checkPrices } from './checks/prices.js'
import { type Check, type Finding, findingsOf, type Patient } from './finding.js'

/** In the order in which one cause explains another. */
const CHECKS: Readonly<Record<string, Check>> = {
  node: checkNode,
  configuration: checkConfiguration,
  keys: checkKeys,
  daemon: checkDaemon,
  network: checkNetwork,
  disk: checkDisk,
  ledger: checkLedger,
  prices: checkPrices,
  clients: checkClients,
  live: checkLive,
}

/** Findings as each check ends. It changes nothing, and a check that breaks is a finding itself. */
export async function* examine(patient: Patient): AsyncGenerator<readonly Finding[]> {
  // Started together, reported in order.
  const running = Object.entries(CHECKS).map(([name, check]) =>
    check(patient).catch((cause: unknown) => [findingsOf(name).error(`The check broke off: ${asFault(cause).message}.`)]),
  )
  for (const findings of running) yield await findings
}
