import { measureStartUp } from './measure-start-up.mjs'
import { measureProxy } from './proxy/measure-proxy.mjs'
import { measureDecide } from './rooms/decide.mjs'
import { measureGrowth } from './rooms/growth.mjs'
import { measureImport } from './rooms/import.mjs'
import { measureLedger } from './rooms/ledger.mjs'
import { measureSimulate } from './rooms/simulate.mjs'

const SECTIONS = {
  proxy: measureProxy,
  decide: measureDecide,
  ledger: measureLedger,
  simulate: measureSimulate,
  import: measureImport,
  'start-up': measureStartUp,
  growth: measureGrowth,
}

const [name, settings] = process.argv.slice(2)
const say = (text) => console.error(text)
try {
  const result = await SECTIONS[name]({ ...JSON.parse(settings), say })
  await send(Array.isArray(result) ? { rows: result, errors: 0 } : result)
} catch (error) {
  console.error(`${name} failed:`, error)
  await send({ rows: [], errors: 1 })
}
process.exit(0)

function send(message) {
  return new Promise((resolve) => process.send(message, resolve))
}
