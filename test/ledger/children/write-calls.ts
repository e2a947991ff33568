/**
 * Writes calls to a ledger without end and prints each id after its settlement was acknowledged, as a client would see it. Every
 * tenth call is left open.
 */
import { newId } from '../../../src/kit/index.js'
import { openLedger } from '../../../src/ledger/index.js'
import { sampleOpen, sampleSettle } from '../sample-calls.js'

const [path = '', inFlight = '8'] = process.argv.slice(2)
const ledger = await openLedger(path)
const run = ledger.startRun({ appVersion: '0.1.0', engine: 1, startedAt: Date.now() })
process.stdout.write(`run ${run.id}\n`)

async function client(): Promise<void> {
  for (let i = 0; ; i++) {
    const call = sampleOpen({ id: newId(), session: `${process.pid}-${i}` })
    await ledger.open(call)
    if (i % 10 === 9) {
      process.stdout.write(`opened ${call.id}\n`)
      continue
    }
    ledger.bodies(call.id, [{ digest: call.id, json: `{"content":"${call.id}"}` }], null)
    await ledger.settle(sampleSettle(call.id))
    process.stdout.write(`settled ${call.id}\n`)
  }
}

await Promise.all(Array.from({ length: Number(inFlight) }, client))
