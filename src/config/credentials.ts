import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../kit/index.js'
import type { Env } from './find-config.js'
import { systemPorts } from './pool-ports.js'

type Secret = string | { readonly command: readonly string[] }

export interface Credential {
  readonly value: string
  /** Where it came from, for display; never the value. */
  readonly source: string
}

export interface CredentialPorts {
  readonly env: Env
  /** Runs a secret manager; resolves to what it printed. */
  readonly run: (command: readonly string[]) => Promise<string>
}

/** `env:NAME` names a variable, a command is asked, anything else is the secret itself. Null when the variable is not set. */
export async function readSecret(secret: Secret, ports: CredentialPorts): Promise<Credential | null> {
  if (typeof secret !== 'string') {
    const value = (await ports.run(secret.command)).trim()
    return value === '' ? null : { value, source: `command ${secret.command[0] ?? ''}` }
  }
  if (!secret.startsWith('env:')) return { value: secret, source: 'configuration' }
  const name = secret.slice(4)
  return fromVariables([name], ports.env)
}

/** A secret of the configuration's own, as in `field`. Throws E_CONFIG when it is not there. */
export async function needSecret(secret: Secret, field: string, env: Env): Promise<string> {
  const found = await readSecret(secret, { env, run: systemPorts.runCommand })
  if (found !== null) return found.value
  const name = variableOf(secret)
  throw new Fault('E_CONFIG', `${field}: ${name ?? 'what its command prints'} is not set`, {
    hint: name === null ? 'Run the command by hand to see why.' : `Set ${name} in the environment.`,
  })
}

/** A credential of a secret manager, which may expire or be replaced. All who ask for another at the same time get the same one. */
export function renewable(first: Credential | null, again: () => Promise<Credential | null>) {
  let current = first?.value ?? null
  let asking: Promise<void> | null = null
  const ask = async (): Promise<void> => {
    // One that cannot be had now stays refused.
    current = (await again().catch(() => null))?.value ?? current
    asking = null
  }
  return {
    credential: () => current,
    async renew(refused: string): Promise<boolean> {
      if (current === refused) {
        asking ??= ask()
        await asking
      }
      return current !== refused
    },
  }
}

/** The first of these variables that is set and not empty. */
export function fromVariables(names: readonly string[], env: Env): Credential | null {
  for (const name of names) {
    const value = env[name]?.trim()
    if (value) return { value, source: name }
  }
  return null
}

/** The variable a secret waits for, when it waits for one. */
export function variableOf(secret: Secret): string | null {
  return typeof secret === 'string' && secret.startsWith('env:') ? secret.slice(4) : null
}

/** The environment on top of the configuration folder's `keys.env`: the environment has priority. */
export function withKeysFile(env: Env, folder: string): { readonly env: Env; readonly warning: string | null } {
  const path = join(folder, 'keys.env')
  let text: string
  let mode: number
  try {
    text = readFileSync(path, 'utf8')
    mode = statSync(path).mode
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return { env, warning: null }
    throw new Fault('E_CONFIG', `${path} could not be read: ${(error as Error).message}`, {
      hint: 'Make it readable for you alone.',
      cause: error,
    })
  }
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value))
  const open = process.platform !== 'win32' && (mode & 0o077) !== 0
  return { env: { ...parseKeys(text), ...set }, warning: open ? `${path} can be read by others: chmod 600 ${path}` : null }
}

/** `NAME=value` lines; `export`, quotes, blank lines and `#` comments as shells allow them. */
function parseKeys(text: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(?:(['"])(.*)\2|([^#\s].*?)?)(?:\s+#.*|\s*)$/.exec(line)
    if (match) found[match[1]!] = match[3] ?? match[4] ?? ''
  }
  return found
}
