import { statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { ChalkInstance } from 'chalk'
import { chatModels } from '../../catalog/index.js'
import { checkConfig, configFolder, type Env, type LoadedConfig, type Pool, resolvePolicies, resolvePool } from '../../config/index.js'
import { findDaemon } from '../../control/index.js'
import { asFault, Fault } from '../../kit/index.js'
import { examine, type Finding, type Patient, type Reached, thisMachine } from '../../setup/index.js'
import { describeFailure, openDispatcher } from '../../upstream/index.js'
import type { Cli } from '../cli.js'
import type { DoctorOptions } from '../commands/doctor.js'
import { tryOut } from '../init/try-out.js'
import { loadForCli } from '../load-setup.js'
import { ledgerPath } from '../open-ledger.js'
import { paintFor } from '../paint.js'
import { answer, print } from '../say.js'
import { packageVersion } from '../version.js'

/** Checks everything and suggests fixes. Throws E_UNAVAILABLE at the end when something is broken. */
export async function doctor(cli: Cli, { live = false }: DoctorOptions): Promise<void> {
  const { patient, close } = await findPatient(cli, live)
  const { json } = cli.globals()
  const paint = paintFor(cli.io)
  const all: Finding[] = []
  try {
    for await (const findings of examine(patient)) {
      all.push(...findings)
      if (!json) for (const finding of findings) await print(cli, showFinding(finding, paint))
    }
  } finally {
    await close()
  }
  const errors = all.filter(({ severity }) => severity === 'error').length
  await answer(cli, { ok: errors === 0, findings: all }, () => `\n${verdict(all, errors)}`)
  if (errors > 0)
    throw new Fault('E_UNAVAILABLE', errors === 1 ? 'One thing is broken.' : `${errors} things are broken.`, {
      hint: 'The findings above say how to fix each.',
    })
}

function showFinding({ check, severity, text, fix }: Finding, paint: ChalkInstance): string {
  const marks = { ok: paint.green('✓'), note: paint.blue('·'), warning: paint.yellow('!'), error: paint.red('✗') }
  const remedy = fix === null ? '' : `\n  ${' '.repeat(14)}${paint.dim('→')} ${fix}`
  return `${marks[severity]} ${paint.dim(check.padEnd(14))}${text}${remedy}`
}

function verdict(all: readonly Finding[], errors: number): string {
  const warnings = all.filter(({ severity }) => severity === 'warning').length
  if (errors > 0) return `${all.length} findings, ${errors} of them broken.`
  return warnings > 0 ? `Nothing is broken; ${warnings} ${warnings === 1 ? 'thing is' : 'things are'} worth a look.` : 'All is well.'
}

/** Gathers what to examine; a failure to read something is itself a finding. */
async function findPatient(cli: Cli, live: boolean): Promise<{ readonly patient: Patient; close(): Promise<void> }> {
  const { env, cwd } = cli.io
  const loaded = await loadForCli(cli).catch(asFault)
  const pool = loaded instanceof Fault ? loaded : await resolvePool(loaded, env).catch(asFault)
  const ledger = await ledgerPath(cli, loaded instanceof Fault ? undefined : loaded.config).catch(() => null)
  const { reach, close } = await openReach(env)
  const patient: Patient = {
    machine: thisMachine(env, cwd),
    nodeVersion: process.version,
    version: packageVersion(),
    configFolder: await configFolder(env),
    loaded,
    pool,
    doubts: doubtsOf(loaded, pool),
    ledger,
    daemon: ledger === null ? null : await findDaemon(ledger),
    ports: {
      nowMs: Date.now,
      reach,
      freeBytes,
      isPortFree,
      tryModel: live ? (id) => tryOut(cli, { model: id, maxTokens: FEW_TOKENS }) : null,
    },
  }
  return { patient, close }
}

/** Below 16 some providers refuse a limit. */
const FEW_TOKENS = 16

function doubtsOf(loaded: LoadedConfig | Fault, pool: Pool | Fault): Patient['doubts'] {
  if (loaded instanceof Fault || pool instanceof Fault) return []
  const { config } = loaded
  try {
    const chat = chatModels(pool.models).map(({ id }) => id)
    // Missing keys have their own check.
    return checkConfig({ config, pool: { ...pool, missing: [], warnings: [] }, policies: resolvePolicies(config, chat) })
  } catch (error) {
    const { message, param } = asFault(error)
    return [{ path: param ?? 'profiles', text: message }]
  }
}

const CONNECT_MS = 5_000

/** Asks addresses the way calls go out: through the proxies that the environment names, with its certificates. */
async function openReach(env: Env) {
  const dispatcher = await openDispatcher({ env, connectMs: CONNECT_MS })
  const { request } = await import('undici')
  return {
    async reach(url: string): Promise<Reached> {
      try {
        const { statusCode, headers, body } = await request(url, {
          dispatcher,
          method: 'HEAD',
          headersTimeout: CONNECT_MS,
          bodyTimeout: CONNECT_MS,
        })
        await body.dump()
        const date = Date.parse(String(headers.date ?? ''))
        return { status: statusCode, dateMs: Number.isNaN(date) ? null : date }
      } catch (error) {
        throw describeFailure(error, url, false)
      }
    },
    close: () => dispatcher.close(),
  }
}

function freeBytes(folder: string): Promise<number | null> {
  return statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => null,
  )
}

export function isPortFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
