import { readdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, it } from 'vitest'
import { digest } from '../../src/kit/index.js'
import type { StoredMessage } from '../../src/ledger/index.js'
import { NOON, sampleOpen, scratchLedger } from './sample.js'

const message = (value: unknown): StoredMessage => {
  const json = JSON.stringify(value)
  return { digest: digest(json), json }
}

it('gives back request and reply, storing each message once', async () => {
  const ledger = await scratchLedger()
  const talk = Array.from({ length: 40 }, (_, i) => message({ role: i % 2 ? 'assistant' : 'user', content: `turn ${i} ünïcödé 🙂` }))
  const ids: string[] = []
  for (let turn = 1; turn <= talk.length; turn += 3) {
    const open = sampleOpen()
    ids.push(open.id)
    await ledger.open(open)
    ledger.bodies(open.id, talk.slice(0, turn), `reply to ${turn}`)
    if (turn % 4 === 0) await ledger.flush()
  }
  await ledger.flush()
  for (const [i, id] of ids.entries()) {
    expect(ledger.bodiesOf(id)).toEqual({ request: talk.slice(0, 1 + 3 * i), reply: `reply to ${1 + 3 * i}` })
  }
  expect(ledger.bodiesOf((await opened(ledger)).id)).toBeNull()
})

it('keeps all calls of a long conversation that come in a burst, since their messages are the same', async () => {
  const faults: unknown[] = []
  const ledger = await scratchLedger({ onError: (fault) => faults.push(fault) })
  const talk = Array.from({ length: 200 }, (_, i) =>
    message({ role: i % 2 ? 'assistant' : 'user', content: `${i} ${'word '.repeat(1000)}` }),
  )
  const ids: string[] = []
  for (let turn = 1; turn <= talk.length; turn++) {
    const open = sampleOpen()
    ids.push(open.id)
    await ledger.open(open)
    // A copy, as each request of a client is.
    ledger.bodies(
      open.id,
      talk.slice(0, turn).map((m) => ({ ...m })),
      null,
    )
  }
  await ledger.flush()
  expect(faults).toEqual([])
  for (const [i, id] of ids.entries()) expect(ledger.bodiesOf(id)?.request).toEqual(talk.slice(0, i + 1))
})

it('finds what another process stored, and what an earlier day did', async () => {
  let today = NOON
  const first = await scratchLedger({ now: () => today })
  const second = await scratchLedger({ path: first.path, now: () => today })
  const envelope = message({ role: 'system', content: 'x'.repeat(2000) })
  const ids: string[] = []
  for (const ledger of [first, second, first]) {
    const { id } = await opened(ledger)
    ledger.bodies(id, [envelope, message({ role: 'user', content: id })], null)
    await ledger.flush()
    ids.push(id)
    today += 26 * 3_600_000
  }
  for (const id of ids) expect(second.bodiesOf(id)?.request[0]).toEqual(envelope)
})

it('keeps no message with bodies none, and names them with digests of its own', async () => {
  const ledger = await scratchLedger({ bodies: 'none' })
  const { id } = await opened(ledger)
  ledger.bodies(id, [message({ role: 'user', content: 'my secret plan' })], 'the secret answer')
  await ledger.flush()
  expect(ledger.bodiesOf(id)).toBeNull()
  for (const file of readdirSync(dirname(ledger.path))) {
    expect(readFileSync(`${dirname(ledger.path)}/${file}`).includes('secret')).toBe(false)
  }
  const other = await scratchLedger({ bodies: 'none' })
  const plain = digest('my secret plan')
  expect(ledger.keyed(plain)).toMatch(/^[0-9a-f]{32}$/)
  expect(new Set([plain, ledger.keyed(plain), other.keyed(plain)]).size).toBe(3)
  await ledger.close()
  expect((await scratchLedger({ path: ledger.path })).keyed(plain)).toBe(ledger.keyed(plain))
})

it('stores what the redaction leaves', async () => {
  const ledger = await scratchLedger({ redact: (json) => json.replaceAll(/sk-\w+/g, 'sk-…') })
  const { id } = await opened(ledger)
  ledger.bodies(id, [message({ role: 'user', content: 'use sk-12345' })], 'I will use sk-12345')
  await ledger.flush()
  expect(JSON.stringify(ledger.bodiesOf(id))).not.toContain('12345')
})

it('an agent session of 60 turns costs at most 5% of the bytes that were sent', async () => {
  const ledger = await scratchLedger()
  const envelope = message({
    system: prose(1, 9000),
    tools: Array.from({ length: 20 }, (_, i) => ({ name: `tool_${i}`, description: prose(i + 2, 300) })),
  })
  const talk: StoredMessage[] = []
  const empty = ledger.counts().bytes
  let raw = 0
  for (let turn = 0; turn < 60; turn++) {
    talk.push(message({ role: 'user', content: prose(100 + turn, 180) }), message({ role: 'assistant', content: prose(200 + turn, 120) }))
    const request = [envelope, ...talk]
    const sent = request.reduce((n, m) => n + m.json.length, 0)
    raw += sent
    expect(sent).toBeGreaterThan(60_000)
    expect(sent).toBeLessThan(250_000)
    const { id } = await opened(ledger, turn, 1500)
    ledger.bodies(id, request, prose(200 + turn, 120))
  }
  await ledger.flush()
  expect((ledger.counts().bytes - empty) / raw).toBeLessThan(0.05)
})

async function opened(ledger: Awaited<ReturnType<typeof scratchLedger>>, turn = 0, blobs = 0) {
  const open = sampleOpen({ turn, input: Buffer.from(prose(turn, Math.round(blobs / 6))) })
  await ledger.open(open)
  return open
}

/** Text of made-up words that repeat about as often as words do. */
function prose(seed: number, words: number): string {
  let state = seed * 2654435761 + 1
  const next = (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return Math.floor((state / 2 ** 32) ** 2.5 * below)
  }
  return Array.from({ length: words }, () => (next(4000) + 500).toString(36) + 'aeiou'[next(5)]).join(' ')
}
