import { expect, it } from 'vitest'
import type { ModelRev } from '../../src/catalog/index.js'
import { openLedger } from '../../src/ledger/index.js'
import { asLogged, newPrices, rankSuggestions, simulate } from '../../src/simulate/index.js'
import { servedLedger } from './served-ledger.js'

it('suggests to look at prices that fell since the log was written, and leaves the others alone', async () => {
  const log = await servedLedger([{ session: 's', turns: ['What is the capital of France?', 'And of Spain?'] }])
  const ledger = await openLedger(log.path, { readonly: true })
  try {
    const logged = [...ledger.modelRevs().values()].map((json) => JSON.parse(json) as ModelRev)
    expect(newPrices(logged, logged)).toEqual([])
    const answered = ledger.listCalls({ limit: 1 })[0]?.model
    const today = logged.map((rev) =>
      rev.id === answered && rev.rates?.input != null && rev.rates.output !== null
        ? { ...rev, rates: { ...rev.rates, input: rev.rates.input / 2, output: rev.rates.output / 2 } }
        : rev,
    )
    const changes = newPrices(today, logged)
    expect(changes.map((change) => change.name)).toEqual([`as logged, ${answered} repriced`])
    const [asIs, ...results] = simulate(ledger, [asLogged(), ...changes])
    const [best] = asIs === undefined ? [] : rankSuggestions(asIs, results, [])
    expect(best?.result.savings.value).toBeGreaterThan(0)
    // The pool that was live is what was spent.
    expect(best?.saves).toEqual(best?.result.savings)
  } finally {
    await ledger.close()
    log.remove()
  }
})
