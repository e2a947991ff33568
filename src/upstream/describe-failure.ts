import { Fault } from '../kit/index.js'

const CERTIFICATE = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/** A failed exchange as a Fault that says which host, what happened and what to do. */
export function describeFailure(error: unknown, baseURL: string, sent: boolean): Fault {
  if (error instanceof Fault) return error
  const code = codeOf(error)
  const host = hostOf(baseURL)
  if (code === 'ECONNREFUSED') {
    return new Fault('E_UPSTREAM', `nothing answers at ${host}`, {
      hint: 'Check that the provider is running and its baseURL is right.',
      cause: error,
    })
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new Fault('E_UPSTREAM', `the name of ${host} cannot be resolved`, { hint: 'Check the network and the baseURL.', cause: error })
  }
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') {
    return new Fault('E_UPSTREAM_TIMEOUT', `no connection to ${host} in time`, { cause: error })
  }
  if (code !== null && CERTIFICATE.has(code)) {
    return new Fault('E_UPSTREAM', `the certificate of ${host} is not trusted (${code})`, {
      hint: 'Behind a company proxy, set NODE_EXTRA_CA_CERTS to its certificate.',
      cause: error,
    })
  }
  const when = sent ? 'broke the connection before the answer was complete' : 'broke the connection'
  return new Fault('E_UPSTREAM', `${host} ${when}${code === null ? '' : ` (${code})`}`, { cause: error })
}

function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null
  if ('code' in error && typeof error.code === 'string') return error.code
  // Happy-eyeballs failures come as an AggregateError without a code of its own.
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0])
  return 'cause' in error ? codeOf(error.cause) : null
}

export function hostOf(baseURL: string): string {
  return URL.canParse(baseURL) ? new URL(baseURL).host : baseURL
}
