import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('./children/serve.mjs', import.meta.url))

export interface SpawnedDaemon {
  readonly url: string
  readonly interrupted: readonly string[]
  readonly process: ChildProcess
  kill(): Promise<void>
}

/** A daemon in a process of its own, running the compiled sources in `code`. */
export async function spawnDaemon(code: string, ledger: string, config: unknown): Promise<SpawnedDaemon> {
  const child = spawn(process.execPath, [script, code, ledger, JSON.stringify(config)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the daemon ended with ${code} before it listened`)))
  const [line] = (await Promise.race([once(child.stdout, 'data'), gone])) as [Buffer]
  const { url, interrupted } = JSON.parse(line.toString()) as { url: string; interrupted: string[] }
  return {
    url,
    interrupted,
    process: child,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}
