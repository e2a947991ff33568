import { writeFileSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { processIo } from './io.js'
import { run } from './run.js'

// A step of the build: writes what `llmroute --help` says to a file that bin/llmroute shows by itself.
const stdout = new PassThrough()
await run(['--help'], { ...processIo(), stdout })
writeFileSync(new URL('../help.txt', import.meta.url), stdout.read() as Buffer)
