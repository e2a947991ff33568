import { Fault } from '../kit/index.js'
import type { Answer } from '../upstream/index.js'

/** Throws for a redirect: followed, it would take the key and the prompt to an address that the configuration does not name. */
export function refuseRedirect({ status, headers }: Answer): void {
  if (status < 300 || status >= 400) return
  const to = headers.location === undefined ? '' : ` to ${headers.location.slice(0, 200)}`
  throw new Fault('E_UPSTREAM', `the provider redirects${to} (status ${status})`, {
    hint: 'Set the baseURL of this provider to the address that answers.',
  })
}
