import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const script = (name) => fileURLToPath(new URL(name, import.meta.url))

/** A script of this folder that says over IPC where it listens. */
export async function startScript(name, ...args) {
  const child = spawn(process.execPath, [script(name), ...args], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const { port } = await nextMessage(child)
  return {
    port,
    pid: child.pid,
    ask(message) {
      child.send(message)
      return nextMessage(child)
    },
    stop: () => stopProcess(child),
  }
}

function nextMessage(child) {
  return new Promise((resolve, reject) => {
    const ended = (code) => reject(new Error(`${child.spawnargs[1]} ended with ${code}`))
    child.once('exit', ended)
    child.once('message', (message) => {
      child.off('exit', ended)
      resolve(message)
    })
  })
}

/** A program that prints the URL it listens on; `ready` picks the port from what was printed so far, or null. */
export function startProgram(file, args, { ready, ...options }) {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'], ...options })
  let said = ''
  return new Promise((resolve, reject) => {
    const listen = (data) => {
      if (said === null) return
      said += data
      const port = ready(said)
      if (port === null) return
      said = null
      resolve({ port, pid: child.pid, stop: () => stopProcess(child) })
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}: ${said}`)))
  })
}

function stopProcess(child) {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    const late = setTimeout(() => child.kill('SIGKILL'), 10_000)
    child.once('exit', () => {
      clearTimeout(late)
      resolve()
    })
    child.kill('SIGTERM')
  })
}

/** Processor time of all threads so far, milliseconds; NaN where the system does not tell (other than Linux). */
export function cpuMs(pid) {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    return threads.reduce((sum, id) => sum + Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, 'utf8').split(' ')[0]) / 1e6, 0)
  } catch {
    return Number.NaN
  }
}

const QUIET_CPU_MS = 5
const QUIET_AT_MOST_MS = 10_000

/**
 * Waits until a process has done what it does behind its clients' backs, so that it is neither left out nor met by the next measurement:
 * until it was idle for `quietMs`.
 */
export async function untilQuiet(pid, quietMs) {
  const started = performance.now()
  let before = cpuMs(pid)
  while (performance.now() - started < QUIET_AT_MOST_MS) {
    await new Promise((resolve) => setTimeout(resolve, quietMs))
    const after = cpuMs(pid)
    if (!(after - before > QUIET_CPU_MS)) return
    before = after
  }
}

/** Resident memory, MB; NaN where the system does not tell. */
export function residentMb(pid) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
  } catch {
    return Number.NaN
  }
}
