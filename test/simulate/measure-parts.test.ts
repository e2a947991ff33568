import { expect, it, onTestFinished } from 'vitest'
import { openLedger } from '../../src/ledger/index.js'
import { readTables } from '../../src/simulate/logged-call.js'
import { joinParts, measureLog } from '../../src/simulate/measure-log.js'
import { servedLedger } from './served-ledger.js'

it('a log measured in two parts shows what it does as a whole, wherever it is cut', async () => {
  const turns = ['Name a prime.', 'Name a larger one.', 'And one larger still.']
  // Served side by side: calls are under way at any cut.
  const log = await servedLedger(Array.from({ length: 6 }, (_, i) => ({ session: `s${i}`, turns })))
  onTestFinished(() => log.remove())
  const ledger = await openLedger(log.path, { readonly: true })
  onTestFinished(() => ledger.close())
  const tables = readTables(ledger)
  const whole = measureLog(ledger, tables).sums
  expect([...whole.kept.values()].reduce((calls, sums) => calls + sums[0]!, 0)).toBe(6 * 2)

  const untilSeq = ledger.lastSeq() + 1
  for (let cut = 0; cut <= untilSeq; cut++) {
    const [one, two] = [measureLog(ledger, tables, { untilSeq: cut }), measureLog(ledger, tables, { fromSeq: cut, untilSeq })]
    const { kept, cells, prompts } = joinParts(one, two, ledger.prefixes())
    expect({ cut, kept, cells, prompts }).toEqual({ cut, kept: whole.kept, cells: whole.cells, prompts: whole.prompts })
  }
})
