import { type KnownProvider, providers as known } from '../../catalog/index.js'
import { type PoolPorts, withKeysFile } from '../../config/index.js'
import { CLIENTS } from '../connect/client-table.js'
import { type ClientState, lookAtClient } from '../connect/look-at-client.js'
import { judgeKey } from '../judge-key.js'
import type { Machine } from '../machine.js'

/** A key that is there; its value stays with whoever reads the environment. */
export interface FoundKey {
  readonly provider: KnownProvider
  readonly variable: string
  /** Of the shell, or kept in keys.env for services too. */
  readonly kept: boolean
}

export interface FoundServer {
  readonly provider: KnownProvider
  readonly models: readonly string[]
}

/** What a new user has already. */
export interface Scan {
  readonly keys: readonly FoundKey[]
  /** Servers running on this machine, with the models they offer. */
  readonly servers: readonly FoundServer[]
  /** Programs that could be connected. */
  readonly agents: readonly ClientState[]
}

interface ScanOptions {
  readonly machine: Machine
  readonly configFolder: string
  readonly listModels: PoolPorts['listModels']
}

/** Looks for keys, local servers and agents. Changes nothing; asks nobody outside this machine. */
export async function scanMachine({ machine, configFolder, listModels }: ScanOptions): Promise<Scan> {
  const all = Object.values(known).filter(({ id }) => id !== 'sandbox')
  const { env } = withKeysFile(machine.env, configFolder)
  const own = withKeysFile({}, configFolder).env
  const servers = await Promise.all(
    all.filter(({ local }) => local).map(async (provider) => ({ provider, models: (await listModels(provider.baseURL)) ?? [] })),
  )
  return {
    keys: all.flatMap((provider) => {
      const variable = provider.env.find((name) => env[name] && judgeKey(provider.id, env[name])?.degree !== 'wrong')
      return variable === undefined ? [] : [{ provider, variable, kept: own[variable] !== undefined }]
    }),
    servers: servers.filter(({ models }) => models.length > 0),
    agents: CLIENTS.map((client) => lookAtClient(client, machine, configFolder)).filter(({ installed }) => installed),
  }
}
