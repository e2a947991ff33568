import type { Fault } from '../kit/index.js'
import type { Codec } from '../wire/index.js'
import type { Outlet } from './exchange.js'

/** Answers with an error in the client's own format. Only for before the first byte. */
export function writeFault(outlet: Outlet, codec: Codec, fault: Fault, headers: Readonly<Record<string, string>>): void {
  const rendered = codec.writeFault(fault)
  const extra: Record<string, string> = {}
  if (fault.retryAfterMs !== undefined) extra['retry-after'] = String(Math.max(1, Math.ceil(fault.retryAfterMs / 1000)))
  if (fault.final) extra['x-should-retry'] = 'false'
  outlet.head(rendered.status, { 'content-type': 'application/json', ...extra, ...rendered.headers, ...headers })
  outlet.end(JSON.stringify(rendered.body))
}
