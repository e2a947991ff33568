import { spawn } from 'node:child_process'

export interface Ran {
  /** Null when it was stopped for taking too long. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly ms: number
}

export interface Surroundings {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly patienceMs?: number
}

/** Runs a program without input to its end. */
export function runProgram(program: string, args: readonly string[], { cwd, env, patienceMs = 240_000 }: Surroundings): Promise<Ran> {
  const began = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs)
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ code, stdout, stderr, ms: performance.now() - began })
    })
  })
}
