import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { Fault } from '../kit/index.js'

/** Names that a browser cannot be tricked into resolving to us. */
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]', '::1'])

/**
 * Refuses what a web page could send: a Host that is not ours (DNS rebinding) and any Origin. `allowedHosts` are accepted besides loopback
 * names, without port; `any` where a credential is asked for anyway. `sameOrigin` lets the daemon's own page use its API.
 */
export function createAccessCheck(
  allowedHosts: readonly string[] | 'any',
): (headers: IncomingHttpHeaders, sameOrigin: boolean) => Fault | null {
  const hosts = allowedHosts === 'any' ? null : new Set([...LOOPBACK, ...allowedHosts.map((h) => h.toLowerCase())])
  return (headers, sameOrigin) => {
    const { host, origin } = headers
    if (host === undefined || (hosts !== null && !hosts.has(nameOf(host)))) {
      return new Fault('E_FORBIDDEN', `the Host header "${(host ?? '').slice(0, 100)}" is not accepted`, {
        hint: 'Use http://127.0.0.1 or http://localhost, or list the name under server.allowedHosts.',
        final: true,
      })
    }
    if (origin === undefined || (sameOrigin && origin === `http://${host}`)) return null
    return new Fault('E_FORBIDDEN', 'requests from web pages are refused', {
      hint: 'Call the proxy from a program, not from a page.',
      final: true,
    })
  }
}

function nameOf(host: string): string {
  const lower = host.toLowerCase()
  const colon = lower.lastIndexOf(':')
  return colon > lower.lastIndexOf(']') ? lower.slice(0, colon) : lower
}

/**
 * Throws for a POST that a form could make (text/plain, no type), since it would not need the browser's permission, and for a compressed
 * body.
 */
export function needJsonBody({ 'content-type': type, 'content-encoding': coding }: IncomingHttpHeaders): void {
  if (coding !== undefined && coding !== 'identity')
    throw new Fault('E_MEDIA_TYPE', `the body is compressed (${coding.slice(0, 60)}), and only plain ones are read`, {
      hint: 'Turn the compression of requests off in the client.',
      final: true,
    })
  if (type !== undefined && /^application\/([\w.+-]+\+)?json\b/i.test(type)) return
  const found = type === undefined ? 'absent' : `"${type.slice(0, 60)}"`
  throw new Fault('E_MEDIA_TYPE', `the content-type must be application/json, not ${found}`, {
    hint: "Send the header 'content-type: application/json', with curl by -H.",
    final: true,
  })
}

/** The credential that a client shows, in any of the places where the four formats put it. */
export function credentialOf(headers: IncomingHttpHeaders, url: string): string | null {
  const { authorization } = headers
  if (authorization?.slice(0, 7).toLowerCase() === 'bearer ') return authorization.slice(7).trim()
  const named = headers['x-api-key'] ?? headers['x-goog-api-key']
  if (typeof named === 'string') return named
  const query = /[?&]key=([^&]+)/.exec(url)
  return query?.[1] === undefined ? null : query[1]
}

/** Comparison in constant time. */
export function sameSecret(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(a), hash(b))
}
