import { Fault, type FaultCode } from '../kit/index.js'

/** `{host}` and `{code}` are replaced by the provider's host and the error's code. */
type Meaning = readonly [codes: readonly string[], fault: FaultCode, says: string, hint?: string]

const MEANINGS: readonly Meaning[] = [
  [['ECONNREFUSED'], 'E_UPSTREAM', 'nothing answers at {host}', 'Check that the provider is running and its baseURL is right.'],
  [['ENOTFOUND', 'EAI_AGAIN'], 'E_UPSTREAM', 'the name of {host} cannot be resolved', 'Check the network and the baseURL.'],
  [['ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN'], 'E_UPSTREAM', 'the network has no way to {host} ({code})', 'Check the network.'],
  [['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT'], 'E_UPSTREAM_TIMEOUT', 'no connection to {host} in time'],
  [
    ['EMFILE', 'ENFILE'],
    'E_UNAVAILABLE',
    'no connection to {host}: too many files and connections are open here ({code})',
    'Raise the limit, for example with `ulimit -n 4096` before `llmroute serve`.',
  ],
  [
    [
      'SELF_SIGNED_CERT_IN_CHAIN',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'UNABLE_TO_GET_ISSUER_CERT',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    ],
    'E_UPSTREAM',
    'the certificate of {host} is not trusted ({code})',
    'For an authority of your own, such as a company proxy, set NODE_EXTRA_CA_CERTS to its certificate and start llmroute again.',
  ],
  [
    ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'],
    'E_UPSTREAM',
    'the certificate of {host} has expired or is not valid yet ({code})',
    "Check this machine's clock; if it is right, the provider has to renew the certificate.",
  ],
  [
    ['ERR_TLS_CERT_ALTNAME_INVALID'],
    'E_UPSTREAM',
    'the certificate of {host} is for another host ({code})',
    'Check the host in its baseURL.',
  ],
  [
    ['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'],
    'E_UPSTREAM',
    'no TLS connection to {host} can be made ({code})',
    'A server without TLS needs http:// in its baseURL.',
  ],
  [
    ['UND_ERR_INVALID_ARG'],
    'E_UPSTREAM',
    'the request to {host} cannot be sent as configured',
    "Check the provider's key, headers and baseURL for line breaks, blanks and letters other than ASCII.",
  ],
  [['UND_ERR_HEADERS_OVERFLOW'], 'E_UPSTREAM', '{host} answered with headers that are too long'],
]

const CHECK_PROXY = 'Check HTTP_PROXY and HTTPS_PROXY, or list the host in NO_PROXY; then start llmroute again.'

/** A failed exchange as a Fault that says which host, what happened and what to do. */
export function describeFailure(error: unknown, baseURL: string, sent: boolean): Fault {
  if (error instanceof Fault) return error
  const known = systemError(error)
  const code = known?.code ?? null
  const host = hostOf(baseURL)
  const proxy = known === null ? null : proxyIn(known, baseURL)
  const meaning = code === null ? undefined : MEANINGS.find(([codes]) => codes.includes(code))
  if (meaning !== undefined) {
    const [, fault, says, hint] = meaning
    const where = proxy === null ? host : `${proxy} (the proxy for ${host})`
    const message = says.replace('{host}', where).replace('{code}', code ?? '')
    return new Fault(fault, message, { cause: error, hint: proxy === null ? hint : CHECK_PROXY })
  }
  // undici gives what its parser refuses no code.
  if (error instanceof Error && error.name === 'HTTPParserError')
    return new Fault('E_UPSTREAM', `${host} answered with something that is not HTTP`, { cause: error })
  const refused = error instanceof Error ? /^Proxy response \((\d+)\)/.exec(error.message)?.[1] : undefined
  if (refused !== undefined)
    return new Fault('E_UPSTREAM', `the proxy for ${host} refused the connection (status ${refused})`, { cause: error, hint: CHECK_PROXY })
  const when = sent ? 'broke the connection before the answer was complete' : 'broke the connection'
  return new Fault('E_UPSTREAM', `${host} ${when}${code === null ? '' : ` (${code})`}`, { cause: error })
}

/** What Node says of a failed connection or a name that is not known. */
interface SystemError {
  readonly code: string
  readonly hostname?: string
  readonly address?: string
  readonly port?: number
}

function systemError(error: unknown): SystemError | null {
  if (typeof error !== 'object' || error === null) return null
  if ('code' in error && typeof error.code === 'string') return error as SystemError
  // Happy-eyeballs failures are an AggregateError without a code.
  if (error instanceof AggregateError && error.errors.length > 0) return systemError(error.errors[0])
  return 'cause' in error ? systemError(error.cause) : null
}

/** Where the connection was tried, if that was not at the provider. */
function proxyIn({ hostname, address, port }: SystemError, baseURL: string): string | null {
  if (!URL.canParse(baseURL)) return null
  const url = new URL(baseURL)
  if (hostname !== undefined && hostname !== url.hostname) return hostname
  const ours = Number(url.port) || (url.protocol === 'http:' ? 80 : 443)
  return address !== undefined && port !== undefined && port !== ours ? `${address}:${port}` : null
}

export function hostOf(baseURL: string): string {
  return URL.canParse(baseURL) ? new URL(baseURL).host : baseURL
}
