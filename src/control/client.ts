import type { z } from 'zod'
import { Fault, isRecord, parseJson } from '../kit/index.js'
import {
  API,
  Done,
  type Feedback,
  Health,
  Link,
  type ModelHealth,
  Status,
  VerifierTerms,
  VerifyOutcome,
  type VerifyTask,
} from './contract.js'
import { type DaemonFile, ledgerIdentity, readDaemonFile } from './daemon-file.js'

/** A running daemon that has proven to hold the ledger in question. */
export interface Daemon {
  readonly url: string
  readonly token: string
  readonly status: Status
}

/** How long a daemon on this machine may take to say who it is: it may be busy, and taking it for dead would start a second one. */
const IDENTITY_TIMEOUT_MS = 5000

/** The daemon that serves this ledger now, or null. A stale file, a reused port or another ledger's daemon all count as none. */
export async function findDaemon(ledger: string): Promise<Daemon | null> {
  const file = readDaemonFile(ledger)
  if (file === null) return null
  try {
    const status = await call(file, 'GET', API.status, Status, undefined, IDENTITY_TIMEOUT_MS)
    return ledgerIdentity(status.ledger) === ledgerIdentity(ledger) ? { url: file.url, token: file.token, status } : null
  } catch {
    return null
  }
}

export async function stopDaemon(daemon: Daemon): Promise<void> {
  await call(daemon, 'POST', API.stop, Done)
}

/** Reads the configuration again; the answer says why a new one was refused. */
export function reloadDaemon(daemon: Daemon): Promise<z.infer<typeof Done>> {
  return call(daemon, 'POST', API.reload, Done)
}

/** A link to the daemon's page that opens once. */
export async function oneTimeLink(daemon: Daemon): Promise<string> {
  return (await call(daemon, 'POST', API.link, Link)).url
}

export async function daemonHealth(daemon: Daemon): Promise<readonly ModelHealth[]> {
  return (await call(daemon, 'GET', API.health, Health)).models
}

/** Has the daemon record how a call turned out, and learn from it immediately. */
export async function sendFeedback(daemon: Daemon, feedback: Feedback): Promise<void> {
  await call(daemon, 'POST', API.feedback, Done, feedback)
}

/** What the daemon can send to check a simulation. */
export function verifierTerms(daemon: Daemon, judge: string | null): Promise<VerifierTerms> {
  return call(daemon, 'POST', API.verifier, VerifierTerms, { judge })
}

const VERIFY_MS = 20 * 60_000

export function verifyCall(daemon: Daemon, task: VerifyTask): Promise<VerifyOutcome> {
  return call(daemon, 'POST', API.verify, VerifyOutcome, task, VERIFY_MS)
}

type Address = Pick<DaemonFile, 'url' | 'token'>

async function call<T>(to: Address, method: 'GET' | 'POST', path: string, shape: z.ZodType<T>, body?: unknown, ms = 10_000): Promise<T> {
  const response = await fetch(new URL(path, to.url), {
    method,
    headers: { authorization: `Bearer ${to.token}`, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(ms),
    ...(method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {}),
  }).catch((cause: unknown) => {
    throw new Fault('E_UNAVAILABLE', `The daemon at ${to.url} does not answer.`, { hint: 'Start it with `llmroute serve`.', cause })
  })
  if (!response.ok) {
    const refusal = refusalOf(response.status, await response.text())
    if (refusal !== null) throw refusal
    throw new Fault('E_UNAVAILABLE', `The daemon refused ${method} ${path} with status ${response.status}.`, {
      hint: 'It may be of another version: restart it with `llmroute stop` and `llmroute serve --detach`.',
      status: response.status,
    })
  }
  const parsed = shape.safeParse(await response.json())
  if (parsed.success) return parsed.data
  throw new Fault('E_UNAVAILABLE', `The daemon answered ${path} in a shape this version does not know.`, {
    hint: 'Restart the daemon so that both have the same version.',
  })
}

/** The daemon's reason for refusing a question; null where it may only be of another version. */
function refusalOf(status: number, text: string): Fault | null {
  const body = parseJson(text)
  const error = isRecord(body) ? body.error : null
  return status === 400 && isRecord(error) && typeof error.message === 'string' ? new Fault('E_USAGE', error.message) : null
}

/** The address of a server by its host, which stands in brackets when it is one of IPv6, and port. */
export function httpAddress(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
