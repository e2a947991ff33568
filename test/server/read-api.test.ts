import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Daemon, findDaemon } from '../../src/control/index.js'
import { builtProgram } from '../cli/built-program.js'
import { runCli } from '../cli/run-cli.js'
import { type SpawnedDaemon, spawnDaemon } from './spawn-daemon.js'

/** Reports are added up by a thread, which is a file of the built program. */
describe('what the API tells of calls is what the commands print with --json', () => {
  let daemon: SpawnedDaemon
  let folder: string
  let own: Daemon
  const ids: string[] = []
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'llmroute-read-api-'))
    const ledger = join(folder, 'ledger.db')
    daemon = await spawnDaemon(join(builtProgram(), 'dist'), ledger, { sandbox: true })
    own = (await findDaemon(ledger)) as Daemon
    for (const model of ['auto', 'auto', 'auto:economy']) {
      const response = await fetch(`${daemon.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Name three primes.' }], max_tokens: 40 }),
      })
      await response.text()
      ids.push(response.headers.get('x-llmroute-call') ?? '')
    }
  }, 300_000)
  afterAll(async () => {
    await daemon?.kill()
    rmSync(folder, { recursive: true, force: true })
  })

  const get = (path: string): Promise<Response> => fetch(`${daemon.url}${path}`, { headers: { authorization: `Bearer ${own.token}` } })
  const printed = async (...args: string[]): Promise<unknown> => {
    const { out } = await runCli([...args, '--json', '--db', join(folder, 'ledger.db')], { env: { LLMROUTE_CONFIG_DIR: folder } })
    return JSON.parse(out)
  }

  it('lists calls, filtered as `log` filters them', async () => {
    expect(await (await get('/api/calls')).json()).toEqual(await printed('log'))
    const some = (await (await get('/api/calls?profile=economy&since=1h&limit=5')).json()) as { id: string }[]
    expect(some.map(({ id }) => id)).toEqual([ids[2]])
  })

  it('shows one call and explains it, the newest one as `last`', async () => {
    for (const id of [ids[0], 'last']) {
      expect(await (await get(`/api/calls/${id}`)).json()).toEqual(await printed('log', id ?? ''))
      expect(await (await get(`/api/explain/${id}`)).json()).toEqual(await printed('explain', id ?? ''))
    }
  })

  it('adds calls up as `report` does', async () => {
    const { until: _now, ...stats } = (await (await get('/api/stats?by=profile')).json()) as Record<string, unknown>
    const { until: _later, ...report } = (await printed('report', '--by', 'profile')) as Record<string, unknown>
    expect(stats).toEqual(report)
    expect(stats).toMatchObject({ calls: 3, by: 'profile' })
  })

  it.each(['/api/calls?limit=x', '/api/calls?status=good', '/api/calls?since=yesterday', '/api/stats?by=colour', '/api/stats?since=x'])(
    'refuses %s, saying what it takes',
    async (path) => {
      const response = await get(path)
      const { error } = (await response.json()) as { error: { message: string } }
      expect([response.status, error.message]).toEqual([400, expect.stringMatching(/one of|whole number|duration such as/)])
    },
  )

  it('knows no other call and no other path', async () => {
    for (const path of ['/api/calls/nobody', '/api/explain/nobody', '/api/explain', '/api/nothing'])
      expect((await get(path)).status).toBe(404)
  })
})
