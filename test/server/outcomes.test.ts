import { afterEach, expect, it } from 'vitest'
import type { Part, Reply } from '../../src/canonical/index.js'
import { type FakeProvider, startFakeProvider } from '../upstreams/fake-provider.js'
import { HELLO, runDaemon, type TestDaemon, twoProviders } from './run-daemon.js'

let provider: FakeProvider
let daemon: TestDaemon

function replyWith(parts: readonly Part[], finish: 'stop' | 'length' | 'content-filter' = 'stop'): Reply {
  const usage = { input: 20, cacheRead: null, cacheWrite5m: null, cacheWrite1h: null, output: 10, reasoning: null }
  return { id: 'x', model: 'fake', created: 1, choices: [{ parts, finish }], usage }
}

async function start(reply?: Reply): Promise<void> {
  provider = await startFakeProvider(reply)
  daemon = await runDaemon(twoProviders(provider.origin, provider.origin))
}

afterEach(async () => {
  await daemon.end()
  await provider.close()
})

async function kindsOf(id: string): Promise<readonly string[]> {
  await new Promise((resolve) => setTimeout(resolve, 50))
  await daemon.ledger.flush()
  return daemon.call(id).outcomes.map((o) => o.kind)
}

const JSON_WANTED = { ...HELLO, response_format: { type: 'json_object' } }
const TOOL = { type: 'function', function: { name: 'read', parameters: { type: 'object' } } }

it.each<[string, Reply, unknown, readonly string[]]>([
  ['a good answer shows nothing', replyWith([{ type: 'text', text: 'fine' }]), HELLO, []],
  ['an answer cut short', replyWith([{ type: 'text', text: 'fi' }], 'length'), HELLO, ['truncated']],
  ['an empty answer', replyWith([{ type: 'text', text: '  ' }]), HELLO, ['empty']],
  ['a refusal', replyWith([{ type: 'refusal', text: 'I cannot help with that.' }]), HELLO, ['refusal']],
  ['text where JSON was asked for', replyWith([{ type: 'text', text: 'Sure! {"a":1' }]), JSON_WANTED, ['invalid-json']],
  [
    'a call with broken arguments',
    replyWith([{ type: 'tool-call', id: 'c', name: 'read', args: '{"path": ' }]),
    { ...HELLO, tools: [TOOL] },
    ['tool-parse'],
  ],
])('records what an answer shows by itself: %s', async (_name, reply, body, kinds) => {
  await start(reply)
  for (const stream of [false, true]) {
    const response = await daemon.post({ ...(body as object), stream })
    await response.text()
    expect(await kindsOf(response.headers.get('x-llmroute-call') ?? '')).toEqual(kinds)
  }
})

it('knows a retry from a new question with the same words', async () => {
  await start()
  provider.behave((n) => (n <= 4 ? { status: 500 } : 'ok'))
  const body = { ...HELLO, model: 'one/a' }
  const failed = await daemon.post(body)
  expect(failed.status).toBe(503)
  const again = await daemon.post({ ...HELLO, model: 'two/b' })
  const id = failed.headers.get('x-llmroute-call') ?? ''
  expect(daemon.call(again.headers.get('x-llmroute-call')).call.retryOf).toBe(id)
  expect(await kindsOf(id)).toEqual(['retry'])
  await daemon.post({ ...HELLO, model: 'two/b' })
  const asked = await daemon.post({ ...HELLO, model: 'two/b' })
  expect(daemon.call(asked.headers.get('x-llmroute-call')).call.retryOf).toBeNull()
})

it('expects of its models after a restart what it expected before', async () => {
  await start(replyWith([{ type: 'text', text: 'fine' }]))
  for (let i = 0; i < 6; i++)
    await (await daemon.post({ ...HELLO, stream: i % 2 === 0, messages: [{ role: 'user', content: `Hello ${i}` }] })).text()
  await (await daemon.post({ ...JSON_WANTED, model: 'two/b' })).text()
  await new Promise((resolve) => setTimeout(resolve, 50))
  await daemon.ledger.flush()
  const before = daemon.runtime.outlook.learned()
  expect(Object.keys(before.quality)).toEqual(['two/b'])
  expect(before.pace.places.named.flatMap((names) => Object.keys(names))).toEqual(expect.arrayContaining(['one/a', 'two/b']))
  const figures = figuresOf(before)
  await daemon.restart()
  const after = figuresOf(daemon.runtime.outlook.learned())
  expect([...after.keys()]).toEqual([...figures.keys()])
  // The ledger keeps times to the thousandth of a millisecond.
  for (const [path, figure] of figures) expect(Math.abs((after.get(path) ?? Number.NaN) - figure), path).toBeLessThan(0.01)
})

/** Every number of a value, by its path, without the means that corrections keep until the next observation (the last two of five a place). */
function figuresOf(value: unknown, path = '', found = new Map<string, number>()): ReadonlyMap<string, number> {
  if (typeof value === 'number') found.set(path, value)
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value))
      if (!(path.endsWith('/values') && Number(key) % 5 > 2)) figuresOf(inner, `${path}/${key}`, found)
  return found
}
