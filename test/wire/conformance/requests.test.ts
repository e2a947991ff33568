import { describe, expect, it } from 'vitest'
import { aspectsOf } from './aspects.js'
import { ask, cross, missing, PAIRS } from './pairs.js'
import { REQUEST_CASES } from './request-cases.js'

describe.each(PAIRS)('a request from a client of %s to a provider of %s', (client, provider) => {
  const sayable = REQUEST_CASES.filter((test) => !test.unsayable?.includes(client))

  it.each(sayable.map((test) => [test.name, test] as const))('%s', (_name, test) => {
    const crossing = cross(test, client, provider)
    const lost = client === provider ? [] : (test.lost?.[provider] ?? [])
    expect(missing(crossing).sort()).toEqual([...lost].sort())
    // What is missing is listed, and what matters is missing.
    if (lost.length > 0) expect(crossing.losses).not.toEqual([])
    else expect(crossing.losses.filter((loss) => loss.matters)).toEqual([])
  })
})

describe('the table', () => {
  it.each(REQUEST_CASES.map((test) => [test.name, test] as const))('asks for "%s" in each format that has words for it', (_name, test) => {
    const neutral = aspectsOf({
      format: 'openai-chat',
      model: 'asked',
      messages: test.messages,
      tools: [],
      sampling: {},
      stream: false,
      ...test.rest,
    })
    for (const [client] of PAIRS) {
      if (test.unsayable?.includes(client)) continue
      expect(aspectsOf(ask(test, client))).toMatchObject(neutral)
    }
  })
})
