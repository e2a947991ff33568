/** A daemon in a process of its own, so that it can be killed: `serve.mjs CODE LEDGER CONFIG` prints its URL, and what a start found interrupted. */
import { writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'

const [code, db, config] = process.argv.slice(2)
const { loadConfig } = await import(pathToFileURL(`${code}/config/index.js`).href)
const { startDaemon } = await import(pathToFileURL(`${code}/server/index.js`).href)
const folder = dirname(db)
const env = { HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder, PATH: process.env.PATH }
const again = () => loadConfig({ cwd: folder, env, overrides: JSON.parse(config) })
const onError = (error) => writeSync(2, `${String(error)}\n`)
const daemon = await startDaemon(await again(), { db, env, appVersion: '0.0.0-test', host: '127.0.0.1', port: 0, again, onError })
writeSync(1, `${JSON.stringify({ url: daemon.url, interrupted: daemon.runtime.interrupted })}\n`)
await daemon.stopped
process.exit(0)
