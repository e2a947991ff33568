import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Env } from '../config/index.js'

/** The computer and its user as `setup` sees them; tests hand in a home of their own. */
export interface Machine {
  readonly home: string
  readonly platform: NodeJS.Platform
  readonly env: Env
  readonly cwd: string
}

export function thisMachine(env: Env, cwd: string): Machine {
  // On Windows a HOME is some Unix tool's; the programs to be connected go by USERPROFILE.
  const home = process.platform === 'win32' ? env.USERPROFILE || env.HOME : env.HOME
  return { home: home || homedir(), platform: process.platform, env, cwd }
}

/** Where programs that follow the XDG rules keep their configuration, on every system. */
export function xdgConfig({ env, home }: Machine): string {
  return env.XDG_CONFIG_HOME || join(home, '.config')
}

/** Where a program is on the PATH; null when it is not installed. */
export function findProgram(name: string, { env, platform }: Machine): string | null {
  const endings = platform === 'win32' ? ['.exe', '.cmd', ''] : ['']
  for (const folder of (env.PATH ?? env.Path ?? '').split(delimiter)) {
    const found = endings.map((ending) => join(folder, name + ending)).find((path) => folder !== '' && existsSync(path))
    if (found !== undefined) return found
  }
  return null
}
