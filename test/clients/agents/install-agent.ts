import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Agent } from './agents.js'
import { runProgram } from './run-program.js'

export interface Installed {
  readonly path: string
  readonly version: string
}

/** Installs an agent into a folder of its own; one that is there stays. Throws with npm's words where it cannot be had. */
export async function installAgent(agent: Agent, scratch: string): Promise<Installed> {
  const folder = join(scratch, 'programs', agent.program)
  const path = join(folder, 'node_modules', '.bin', process.platform === 'win32' ? `${agent.program}.cmd` : agent.program)
  const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? scratch }
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{"private":true}')
    const npm = await runProgram('npm', ['install', '--no-audit', '--no-fund', agent.spec], { cwd: folder, env, patienceMs: 300_000 })
    if (npm.code !== 0) throw new Error(`npm install ${agent.spec} failed: ${npm.stderr.slice(-300)}`)
  }
  const home = join(scratch, 'version')
  mkdirSync(home, { recursive: true })
  const { stdout, stderr } = await runProgram(path, ['--version'], { cwd: home, env: { ...env, HOME: home } })
  return { path, version: /\d+\.\d+\.\d+/.exec(stdout + stderr)?.[0] ?? 'unknown' }
}
