import { setImmediate as nextTurn } from 'node:timers/promises'
import { findDaemon } from '../../control/index.js'
import { Fault } from '../../kit/index.js'
import type { Inbound } from '../../route/index.js'
import type { Incoming } from '../../server/index.js'
import type { Cli } from '../cli.js'
import { openRuntime, otherConfig } from '../load-as-daemon.js'
import { loadForCli } from '../load-setup.js'
import { hasNamedLedger, ledgerPath } from '../open-ledger.js'
import { remark } from '../say.js'
import { otherVersion } from '../version.js'

/** A chat completion to be sent, as a client of the proxy would. */
export interface Outgoing {
  readonly body: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>
}

/** A way to the router: the daemon that has the same ledger, or one inside this process. */
export interface Line {
  readonly ledger: string
  send(outgoing: Outgoing, signal: AbortSignal): Promise<Incoming>
  close(): Promise<void>
}

/** Uses a running daemon if there is one, so that its caches, limits and budgets count; it must have the requested configuration. */
export async function openLine(cli: Cli, { sandbox }: { readonly sandbox: boolean }): Promise<Line> {
  if (cli.globals().config === undefined && !sandbox) {
    const own = hasNamedLedger(cli) ? null : await loadForCli(cli)
    const ledger = await ledgerPath(cli, own?.config)
    const daemon = await findDaemon(ledger)
    if (daemon !== null) {
      const other = otherVersion(daemon.status.version)
      if (other !== null) remark(cli, `The daemon is ${daemon.status.version}; ${other}.`)
      const its = own === null ? null : await otherConfig(cli, daemon, own)
      if (its !== null) remark(cli, `The daemon at ${daemon.url} answers. It uses ${its}, not ${own?.path}: \`llmroute stop\` ends it.`)
      return {
        ledger,
        send: (outgoing, signal) =>
          sendTo(daemon.url, { ...outgoing, headers: { ...outgoing.headers, authorization: `Bearer ${daemon.token}` } }, signal),
        close: async () => {},
      }
    }
  }
  return openOwnRouter(cli, sandbox)
}

async function sendTo(url: string, { body, headers }: Outgoing, signal: AbortSignal): Promise<Incoming> {
  const response = await fetch(new URL('/v1/chat/completions', url), {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  }).catch((cause: unknown) => {
    if (signal.aborted) throw cause
    throw new Fault('E_UNAVAILABLE', `The daemon at ${url} does not answer.`, { hint: 'See `llmroute status` and `llmroute logs`.', cause })
  })
  if (response.body === null)
    throw new Fault('E_UNAVAILABLE', 'The daemon gave no answer.', { hint: 'See `llmroute logs`, and ask again.' })
  return { status: response.status, headers: Object.fromEntries(response.headers), chunks: response.body }
}

async function openOwnRouter(cli: Cli, sandbox: boolean): Promise<Line> {
  const { ledgerFault, sendInside } = await import('../../server/index.js')
  const runtime = await openRuntime(cli, await loadForCli(cli, sandbox ? { sandbox: true } : undefined))
  let handled: Promise<void> = Promise.resolve()
  return {
    ledger: runtime.db,
    send(outgoing, signal) {
      const sent = sendInside(runtime.router, inboundOf(outgoing), signal)
      handled = sent.handled
      return sent.answer
    },
    async close() {
      await handled
      // The router hands bodies to the ledger one turn after the answer's end.
      await nextTurn()
      const fault = ledgerFault(runtime.ledgerState())
      if (fault !== null) remark(cli, `This is not in the ledger yet: ${fault}.`)
      await runtime.close()
    },
  }
}

export function inboundOf({ body, headers }: Outgoing): Inbound {
  return { format: 'openai-chat', action: 'generate', headers, body: Buffer.from(JSON.stringify(body)), arrived: performance.now() }
}
