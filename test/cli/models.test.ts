import { statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { findProvider } from '@pydantic/genai-prices'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { providers } from '../../src/catalog/index.js'
import { newPlace, type Place } from './run-cli.js'

interface Listed {
  readonly id: string
  readonly price: { readonly inputPerMTok: number | null; readonly outputPerMTok: number | null }
}

/** A list as its maintainers publish it, with older spellings of constraints among them. */
const NEWER = [
  {
    id: 'openai',
    name: 'OpenAI',
    models: [
      {
        id: 'gpt-5-mini',
        match: { starts_with: 'gpt-5-mini' },
        context_window: 500_000,
        prices: [
          { prices: { input_mtok: 9, output_mtok: 19 } },
          { constraint: { start_date: '2026-01-01' }, prices: { input_mtok: 0.5, output_mtok: 4 } },
        ],
      },
    ],
  },
  { id: 'anthropic', name: 'Anthropic', models: [] },
  { id: 'google', name: 'Google', models: [] },
]

let place: Place
let server: Server
let answer: { status: number; body: string }
let url: string
beforeAll(async () => {
  place = newPlace()
  writeFileSync(join(place.folder, 'router.config.json'), JSON.stringify({ models: ['openai/gpt-5-mini'] }))
  server = createServer((_req, res) => {
    res.writeHead(answer.status)
    res.end(answer.body)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/data.json`
})
afterAll(() => {
  server.close()
  place.remove()
})

const models = (...args: readonly string[]) => place.cli(['models', ...args], { env: { OPENAI_API_KEY: 'sk-none' } })
const price = async (): Promise<Listed['price'] | undefined> => (JSON.parse((await models('--json')).out) as Listed[])[0]?.price

describe('prices', () => {
  it('are built in, and their age is shown with what makes them newer', async () => {
    const { out } = await models()
    expect(out).toMatch(/Prices built in \(@pydantic\/genai-prices [\d.]+\), for models up to \d{4}-\d\d \(\d+ days old\)\./)
    expect(out).toContain('`llmroute models --update` fetches newer ones.')
  })

  it('are fetched, kept for the owner alone and used from then on', async () => {
    const before = await price()
    answer = { status: 200, body: JSON.stringify(NEWER) }
    const { code, out } = await models('--update', '--from', url)
    expect(code).toBe(0)
    expect(out).toContain(`(0 days old), from ${url}.`)
    expect(statSync(join(place.folder, 'prices.json')).mode & 0o777).toBe(0o600)
    expect(await price()).toMatchObject({ inputPerMTok: 0.5, outputPerMTok: 4 })
    expect(await price()).not.toEqual(before)
    expect((await place.cli(['doctor'], { env: { OPENAI_API_KEY: 'sk-none' } })).out).toMatch(/prices are of \d{4}-\d\d-\d\d, from http/)
  })

  it('that are not known are null each, and shown as unpriced', async () => {
    const at = join(place.folder, 'unpriced.json')
    writeFileSync(at, JSON.stringify({ providers: { lab: { baseURL: 'http://127.0.0.1:9/v1' } }, models: ['lab/m1'] }))
    expect(JSON.parse((await models('--json', '--config', at)).out)).toMatchObject([
      { price: { inputPerMTok: null, outputPerMTok: null, cacheReadPerMTok: null, cacheWritePerMTok: null } },
    ])
    expect((await models('--config', at)).out).toMatch(/lab\/m1 +unpriced +unpriced/)
  })

  it.each([
    ['something else', 200, '{"hello": 1}', 2, /holds no price list that this version can read/],
    ['a list without the large vendors', 200, '[]', 2, /holds no price list/],
    ['a list with a price that is none', 200, JSON.stringify(NEWER).replace('0.5', '"half"'), 2, /holds no price list/],
    ['half a file', 200, '[{"id": "openai"', 1, /could not be fetched from/],
    ['a failure', 500, 'no', 1, /could not be fetched from .*: status 500\. The prices in use stay\./],
  ])('stay as they are after %s', async (_what, status, body, exit, message) => {
    const before = await price()
    answer = { status, body }
    const { code, err } = await models('--update', '--from', url)
    expect({ code, err }).toEqual({ code: exit, err: expect.stringMatching(message) as string })
    expect(await price()).toEqual(before)
  })

  it('may come from a file', async () => {
    const file = join(place.folder, 'list.json')
    writeFileSync(file, JSON.stringify(NEWER))
    expect((await models('--update', '--from', file)).out).toContain(`from ${file}.`)
    expect((await models('--update', '--from', join(place.folder, 'none.json'))).code).toBe(2)
    expect((await models('--from', file)).err).toMatch(/Give --from together with --update/)
  })

  it('fall back to the built-in ones when what was kept is damaged', async () => {
    writeFileSync(join(place.folder, 'prices.json'), '{"fetchedAt"')
    expect((await models()).out).toMatch(/Prices built in/)
  })

  it('are looked up by the very ids of the list', () => {
    for (const { priceId } of Object.values(providers))
      if (priceId !== null) expect(findProvider({ providerId: priceId })?.id).toBe(priceId)
  })
})
