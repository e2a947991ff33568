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

  it('is found where Node tries several addresses of one name', () => {
    const both = new AggregateError([failed('ECONNREFUSED'), failed('ENETUNREACH')])
    expect(describeFailure(both, 'https://api.example/v1', false).message).toContain('nothing answers')
  })
})
