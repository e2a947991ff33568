import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { program } from '../built-program.mjs'
import { bareEnvironment } from '../scratch-folder.mjs'
import { startProgram } from './processes.mjs'

/** The daemon as users run it, everything on: two models at the mock to choose from, and every call recorded with its bodies. */
export async function serveLlmroute(folder, upstreamPort) {
  const config = {
    providers: { mock: { wire: 'openai-chat', baseURL: `http://127.0.0.1:${upstreamPort}/v1`, apiKey: 'sk-mock' } },
    models: [
      { id: 'mock/small', price: { input: 0.1, output: 0.4 }, quality: 0.6, contextWindow: 1_000_000 },
      { id: 'mock/large', price: { input: 2, output: 8 }, quality: 0.95, contextWindow: 1_000_000 },
    ],
    ledger: { path: join(folder, 'ledger.db') },
  }
  writeFileSync(join(folder, 'router.config.json'), JSON.stringify(config))
  // Its log of calls goes to a pipe that is read and dropped; a terminal would be slower.
  return startProgram(program, ['serve', '--port', '0'], {
    cwd: folder,
    env: bareEnvironment(folder),
    ready: (said) => Number(/http:\/\/127\.0\.0\.1:(\d+)\/v1/.exec(said)?.[1] ?? Number.NaN) || null,
  })
}
