import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { vendorsConfig } from '../../upstreams/strict/config.js'
import { type Ran, runProgram } from './run-program.js'

const PROGRAM = new URL('../../../bin/llmroute', import.meta.url).pathname

export interface Serve {
  readonly url: string
  readonly home: string
  readonly env: Readonly<Record<string, string>>
  /** Runs another command of the same program on the same ledger. */
  llmroute(...args: readonly string[]): Promise<Ran>
  stop(): Promise<void>
}

/** The built `llmroute serve`, in a home of its own, with the models of one provider. */
export async function startServe(origin: string, provider: string, home: string): Promise<Serve> {
  mkdirSync(join(home, 'work'), { recursive: true })
  const config = join(home, 'router.config.json')
  const all = vendorsConfig(origin) as { providers: Record<string, unknown>; models: { id: string }[] }
  const only = {
    ...all,
    providers: { [provider]: all.providers[provider] },
    models: all.models.filter(({ id }) => id === `${provider}/m`),
    // Gemini CLI asks for these by itself.
    aliases: { 'gemini-2.5-flash': 'auto', 'gemini-2.5-flash-lite': 'auto' },
  }
  writeFileSync(config, JSON.stringify(only))
  const env = { PATH: process.env.PATH ?? '', HOME: home }
  const options = ['--config', config, '--db', join(home, 'ledger.db')]
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--port', '0', ...options], {
    cwd: home,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = new Promise<void>((resolve) => child.on('close', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said)
        if (found !== null) resolve(found[0])
      })
    child.on('close', () => reject(new Error(`llmroute serve ended: ${said}`)))
  })
  return {
    url,
    home,
    env,
    llmroute: (...args) => runProgram(process.execPath, [PROGRAM, ...args, ...options], { cwd: home, env }),
    async stop() {
      child.kill('SIGTERM')
      await closed
    },
  }
}
