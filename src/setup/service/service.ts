import { existsSync, rmSync } from 'node:fs'
import { Fault } from '../../kit/index.js'
import { replaceFile } from '../connect/client-file.js'
import type { Machine } from '../machine.js'
import { launchdAgent } from './launchd.js'
import { systemdUnit } from './systemd.js'
import { scheduledTask } from './task-scheduler.js'
import type { Command, ServiceSpec, Unit } from './unit.js'

/** Runs a program of the system; resolves to what it said when it failed, null when it did not. */
export type RunCommand = (command: Command) => Promise<string | null>

const UNITS: Partial<Readonly<Record<NodeJS.Platform, (spec: ServiceSpec) => Unit>>> = {
  linux: systemdUnit,
  darwin: launchdAgent,
  win32: scheduledTask,
}

/** Variables that a service needs as the shell had them: where files are, how to get out. None of them is a key. */
const PASSED_ON = [
  ...['PATH', 'LLMROUTE_CONFIG_DIR', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_CACHE_HOME'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy', 'NODE_EXTRA_CA_CERTS'],
]

/** Of those, what may stand in a file: a proxy's address with a password in it may not. */
export function passedOn({ env }: Machine): Readonly<Record<string, string>> {
  const entries = PASSED_ON.flatMap((name) => {
    const value = env[name]
    return value === undefined || value === '' || /:\/\/[^/]*@/.test(value) || /[\r\n]/.test(value) ? [] : [[name, value] as const]
  })
  return Object.fromEntries(entries)
}

/** The service as this system wants it. Throws E_USAGE for a system without one. */
export function unitFor(platform: NodeJS.Platform, spec: ServiceSpec): Unit {
  const make = UNITS[platform]
  if (make !== undefined) return make(spec)
  throw new Fault('E_USAGE', `llmroute knows no services of ${platform}.`, {
    hint: 'Run it in the background with `llmroute serve --detach`.',
  })
}

/** Ends an earlier installation; returns whether there was one. */
export async function stopUnit(unit: Unit, run: RunCommand): Promise<boolean> {
  if (!existsSync(unit.path)) return false
  for (const command of unit.stop) await run(command)
  return true
}

/** Writes the unit and starts it. Throws E_UNAVAILABLE, with nothing left behind, when the system refuses. */
export async function installUnit(unit: Unit, run: RunCommand): Promise<void> {
  replaceFile(unit.path, Buffer.from(unit.content, unit.encoding), 0o600)
  for (const command of unit.start) {
    const complaint = await run(command)
    if (complaint === null) continue
    await uninstallUnit(unit, run)
    throw new Fault('E_UNAVAILABLE', `\`${command.join(' ')}\` failed: ${complaint}`, {
      hint: 'Nothing was installed. Run the daemon in the background with `llmroute serve --detach` instead.',
    })
  }
}

/** Stops and removes it; returns whether there was one. */
export async function uninstallUnit(unit: Unit, run: RunCommand): Promise<boolean> {
  if (!(await stopUnit(unit, run))) return false
  rmSync(unit.path, { force: true })
  for (const command of unit.forget) await run(command)
  return true
}
