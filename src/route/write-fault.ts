import type { Fault } from '../kit/index.js'
import type { Codec } from '../wire/index.js'
import type { Outlet } from './exchange.js'

/** Answers with an error in the client's own format. Only for before the first byte. */
export function writeFault(outlet: Outlet, codec: Codec, fault: Fault, headers: Readonly<Record<string, string>>): void {
  const rendered = codec.writeFault(fault)
  outlet.head(rendered.status, { 'content-type': 'application/json', ...rendered.headers, ...headers })
  outlet.end(JSON.stringify(rendered.body))
}
