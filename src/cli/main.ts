import { processIo } from './io.js'
import { run } from './run.js'

// An empty HOME counts as none; otherwise it would put the ledger into the current folder.
if (process.env.HOME === '') delete process.env.HOME

process.exitCode = await run(process.argv.slice(2), processIo())
