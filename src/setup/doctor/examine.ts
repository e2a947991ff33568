import { asFault } from '../../kit/index.js'
import { checkClients } from './checks/clients.js'
import { checkConfiguration, checkKeys } from './checks/configuration.js'
import { checkDaemon } from './checks/daemon.js'
import { checkNode, checkPrices } from './checks/installation.js'
import { checkDisk, checkLedger } from './checks/ledger.js'
import { checkLive, checkNetwork } from './checks/providers.js'
import { type Check, error, type Finding, type Patient } from './finding.js'

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
  const running = Object.entries(CHECKS).map(async ([name, check]) => {
    const found = await check(patient).catch((cause: unknown) => [error(`The check broke off: ${asFault(cause).message}.`, null)])
    return found.map((finding) => ({ check: name, ...finding }))
  })
  for (const findings of running) yield await findings
}
