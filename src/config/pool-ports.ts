import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { PriceBook } from '../catalog/index.js'
import { Fault } from '../kit/index.js'
import { currentPrices } from './price-list.js'

/** What resolving a pool needs of the world; tests and other embedders hand in their own. */
export interface PoolPorts {
  /** Names of the models at a local server; null when nothing answers there. */
  readonly listModels: (baseURL: string) => Promise<readonly string[] | null>
  readonly runCommand: (command: readonly string[]) => Promise<string>
  /** `folder`: the user's configuration folder, where a newer list may be. */
  readonly prices: (folder: string) => Promise<PriceBook | null>
}

/** A local server that does not answer within this time is taken not to be there. */
const PROBE_MS = 400
const COMMAND_MS = 30_000

export const systemPorts: PoolPorts = {
  listModels,
  runCommand,
  prices: (folder) => currentPrices(folder, new Date()),
}

async function listModels(baseURL: string): Promise<readonly string[] | null> {
  try {
    const response = await fetch(`${baseURL}/models`, { signal: AbortSignal.timeout(PROBE_MS) })
    if (!response.ok) return null
    const body = (await response.json()) as { data?: readonly { id?: unknown }[] }
    return (body.data ?? []).map((row) => row.id).filter((id) => typeof id === 'string')
  } catch {
    return null
  }
}

async function runCommand(command: readonly string[]): Promise<string> {
  const [program = ''] = command
  const shell = needsShell(program, process.platform)
  // In one line: Node 24 warns of arguments that are given to a shell one by one (DEP0190).
  const [file = '', ...args] = shell ? [command.map((word) => `"${word}"`).join(' ')] : command
  try {
    const { stdout } = await promisify(execFile)(file, args, { timeout: COMMAND_MS, windowsHide: true, shell })
    return stdout
  } catch (error) {
    throw new Fault('E_CONFIG', `the secret command '${program}' failed`, { hint: 'Run it by hand to see why.', cause: error })
  }
}

/** Windows starts batch files, such as gcloud.cmd, only through its shell. */
export function needsShell(program: string, platform: NodeJS.Platform): boolean {
  return platform === 'win32' && /\.(cmd|bat)$/i.test(program)
}
