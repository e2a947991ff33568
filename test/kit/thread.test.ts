import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { transpileInto } from '../ledger/transpile.js'

const WORKER = `
import { answerQuestions } from './src/kit/thread.js'
answerQuestions((question) => question + 1)
`
const QUITTER = `
import { answerQuestions } from './src/kit/thread.js'
answerQuestions(() => process.exit())
`
const MAIN_OF_QUITTER = `
import { createThread } from './src/kit/thread.js'
const thread = createThread(new URL('./worker.js', import.meta.url), null)
await thread.ask(1).catch(({ code, message, hint }) => console.log([code, message, hint].join('|')))
`
const MAIN = `
import { createThread } from './src/kit/thread.js'
const thread = createThread(new URL('./worker.js', import.meta.url), null)
console.log(String(await thread.ask(1)))
for (let i = 0; i < 4; i++) thread.ask(i).catch(() => {})
// The answers come meanwhile, and are read when the thread is being stopped.
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
await thread.stop()
console.log('stopped')
`

function runBoth(worker: string, main: string) {
  const folder = mkdtempSync(join(tmpdir(), 'llmroute-thread-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  transpileInto(folder, ['src/kit'])
  writeFileSync(join(folder, 'worker.js'), worker)
  writeFileSync(join(folder, 'main.js'), main)
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'main.js')], { encoding: 'utf8' })
  return { status, stdout, stderr }
}

it('a process waits for the end of a thread that is stopped, also when its last answers come then', () => {
  expect(runBoth(WORKER, MAIN)).toEqual({ status: 0, stdout: '2\nstopped\n', stderr: '' })
})

it('a thread that ends without an answer says so, and what to do', () => {
  const { stdout } = runBoth(QUITTER, MAIN_OF_QUITTER)
  expect(stdout).toBe('E_INTERNAL|the work was stopped before its end|Run it again.\n')
})
