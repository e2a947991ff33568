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

it('a process waits for the end of a thread that is stopped, also when its last answers come then', () => {
  const folder = mkdtempSync(join(tmpdir(), 'llmroute-thread-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  transpileInto(folder, ['src/kit'])
  writeFileSync(join(folder, 'worker.js'), WORKER)
  writeFileSync(join(folder, 'main.js'), MAIN)
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'main.js')], { encoding: 'utf8' })
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '2\nstopped\n', stderr: '' })
})
