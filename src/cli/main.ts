import { processIo } from './io.js'
import { run } from './run.js'

// An empty HOME is none; taken at its word, it would put the ledger wherever one stands.
if (process.env.HOME === '') delete process.env.HOME

process.exitCode = await run(process.argv.slice(2), processIo())
