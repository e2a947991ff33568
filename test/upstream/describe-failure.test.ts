import { describe, expect, it } from 'vitest'
import { describeFailure } from '../../src/upstream/index.js'

const failed = (code: string) => Object.assign(new Error('connect'), { code })

describe('a failed exchange', () => {
  it.each([
    ['CERT_HAS_EXPIRED', 'E_UPSTREAM', /has expired/, /clock/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'E_UPSTREAM', /another host/, /baseURL/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'E_UPSTREAM', /not trusted/, /NODE_EXTRA_CA_CERTS/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'E_UPSTREAM', /no TLS/, /http:\/\//],
    ['EAI_AGAIN', 'E_UPSTREAM', /cannot be resolved/, /network/],
    ['ENETUNREACH', 'E_UPSTREAM', /no way to api\.example/, /network/],
    ['EMFILE', 'E_UNAVAILABLE', /too many files and connections/, /ulimit/],
  ] as const)('is told with what to do next: %s', (code, fault, says, hint) => {
    expect(describeFailure(failed(code), 'https://api.example/v1', false)).toMatchObject({
      code: fault,
      message: expect.stringMatching(says),
      hint: expect.stringMatching(hint),
    })
  })

  it.each([
    [{ code: 'ECONNREFUSED', address: '127.0.0.1', port: 8080 }, 'nothing answers at 127.0.0.1:8080 (the proxy for api.example)'],
    [{ code: 'ENOTFOUND', hostname: 'proxy.example' }, 'the name of proxy.example (the proxy for api.example) cannot be resolved'],
    [{ code: 'UND_ERR_ABORTED', message: 'Proxy response (407) !== 200' }, 'the proxy for api.example refused the connection (status 407)'],
  ])('is the proxy’s where it was the proxy that failed: %j', (error, message) => {
    const fault = describeFailure(Object.assign(new Error(), error), 'https://api.example/v1', false)
    expect(fault).toMatchObject({ message, hint: expect.stringContaining('HTTPS_PROXY') })
  })

  it.each([
    [{ code: 'ECONNREFUSED', address: '192.0.2.1', port: 443 }, 'nothing answers at api.example'],
    [{ code: 'ENOTFOUND', hostname: 'api.example' }, 'the name of api.example cannot be resolved'],
  ])('is the provider’s otherwise: %j', (error, message) => {
    expect(describeFailure(Object.assign(new Error(), error), 'https://api.example/v1', false).message).toBe(message)
  })

  it('is found where Node tries several addresses of one name', () => {
    const both = new AggregateError([failed('ECONNREFUSED'), failed('ENETUNREACH')])
    expect(describeFailure(both, 'https://api.example/v1', false).message).toContain('nothing answers')
  })
})
