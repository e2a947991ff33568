import { type LoadedConfig, systemPorts } from '../config/index.js'
import { Fault } from '../kit/index.js'

type Secret = NonNullable<LoadedConfig['config']['server']['key']>

/** A secret of the configuration: `env:NAME`, the answer of a secret manager, or the text itself. Throws E_CONFIG when it is not set. */
export async function readSecret(secret: Secret, field: string, env: Readonly<Record<string, string | undefined>>): Promise<string> {
  if (typeof secret !== 'string') return (await systemPorts.runCommand(secret.command)).trim()
  if (!secret.startsWith('env:')) return secret
  const name = secret.slice('env:'.length)
  const value = env[name]
  if (value) return value
  throw new Fault('E_CONFIG', `${field}: ${name} is not set`, { hint: `Set ${name} in the environment.` })
}
