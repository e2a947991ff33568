import { providers as known } from '../../catalog/index.js'
import { type PoolPorts, withKeysFile } from '../../config/index.js'
import { CLIENTS } from '../connect/client-table.js'
import { lookAtClient } from '../connect/look-at-client.js'
import { judgeKey } from '../judge-key.js'
import type { Machine } from '../machine.js'

export type Scan = Readonly<Awaited<ReturnType<typeof scanMachine>>>

interface ScanOptions {
  readonly machine: Machine
  readonly configFolder: string
  readonly listModels: PoolPorts['listModels']
}

/** Looks for keys, local servers and agents. Changes nothing; asks nobody outside this machine. */
export async function scanMachine({ machine, configFolder, listModels }: ScanOptions) {
  const all = Object.values(known).filter(({ id }) => id !== 'sandbox')
  const { env } = withKeysFile(machine.env, configFolder)
  const own = withKeysFile({}, configFolder).env
  const servers = await Promise.all(
    all.filter(({ local }) => local).map(async (provider) => ({ provider, models: (await listModels(provider.baseURL)) ?? [] })),
  )
  return {
    /** Their values stay with whoever reads the environment. Kept: in keys.env, for services too. */
    keys: all.flatMap((provider) => {
      const variable = provider.env.find((name) => env[name] && judgeKey(provider.id, env[name])?.degree !== 'wrong')
      return variable === undefined ? [] : [{ provider, variable, kept: own[variable] !== undefined }]
    }),
    /** Servers running on this machine, with the models they offer. */
    servers: servers.filter(({ models }) => models.length > 0),
    agents: CLIENTS.map((client) => lookAtClient(client, machine, configFolder)).filter(({ installed }) => installed),
  }
}
