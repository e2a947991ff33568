import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { runCli } from '../cli/run-cli.js'
import { HELLO, runDaemon, type TestDaemon, twoProviders } from '../server/run-daemon.js'
import { type FakeProvider, startFakeProvider } from '../upstreams/fake-provider.js'

let daemon: TestDaemon | null = null
let provider: FakeProvider | null = null

afterEach(async () => {
  await daemon?.end()
  await provider?.close()
})

interface Called {
  readonly costUsd: number
  readonly baselineCostUsd: number
  readonly model: string
  readonly costNotional: boolean
}

it('shows what clients’ own credentials pay for apart from what was spent and saved, also of a model that is billed later', async () => {
  provider = await startFakeProvider()
  const config = twoProviders(provider.origin, provider.origin)
  const passed = { baseURL: `${provider.origin}/v1`, auth: 'passthrough' }
  const settings: Record<string, unknown> = { ...config, baseline: 'two/b', providers: { ...config.providers, one: passed } }
  daemon = await runDaemon(settings)
  const { folder } = daemon
  const shown = async (...args: string[]): Promise<string> =>
    (await runCli([...args, '--db', join(folder, 'ledger.db')], { env: { LLMROUTE_CONFIG_DIR: folder } })).out
  const mine = { headers: { authorization: 'Bearer mine' } }
  await daemon.post({ ...HELLO, model: 'one/a' }, mine)
  await daemon.post({ ...HELLO, model: 'two/b' }, mine)

  for (const isMixed of [false, true]) {
    if (isMixed) {
      Object.assign(settings, config)
      await daemon.reload()
      await daemon.post({ ...HELLO, model: 'one/a' })
    }
    const calls = JSON.parse(await shown('log', '--json')) as Called[]
    const notional = calls.filter((call) => call.costNotional)
    const billed = calls.filter((call) => !call.costNotional)
    const sum = (of: readonly Called[]): number => of.reduce((total, { costUsd }) => total + costUsd, 0)
    const saved = billed.reduce((total, call) => total + call.baselineCostUsd - call.costUsd, 0)
    expect(notional).toHaveLength(1)
    for (const by of ['model', 'task', 'day', 'route']) {
      const report = JSON.parse(await shown('report', '--json', '--by', by)) as {
        calls: number
        costUsd: number
        notional: { calls: number; costUsd: number }
        baselines: { calls: number; savingsUsd: number }[]
        groups: { name: string; costUsd: number; notionalUsd: number; savingsUsd: number }[]
        profiles: { calls: number }[]
      }
      expect(report.calls).toBe(calls.length)
      expect(report.costUsd).toBeCloseTo(sum(billed), 9)
      expect(report.notional.calls).toBe(1)
      expect(report.notional.costUsd).toBeCloseTo(sum(notional), 9)
      expect(report.baselines.reduce((total, one) => total + one.savingsUsd, 0)).toBeCloseTo(saved, 9)
      expect(report.baselines.reduce((total, one) => total + one.calls, 0)).toBe(billed.length)
      expect(report.profiles.reduce((total, one) => total + one.calls, 0)).toBe(billed.length)
      expect(report.groups.reduce((total, group) => total + group.notionalUsd, 0)).toBeCloseTo(sum(notional), 9)
      expect(report.groups.reduce((total, group) => total + group.costUsd, 0)).toBeCloseTo(sum(billed), 9)
      expect(report.groups.reduce((total, group) => total + group.savingsUsd, 0)).toBeCloseTo(saved, 9)
    }
    const { month, trendUsd, models } = JSON.parse(await shown('monitor', '--json')) as {
      month: { calls: number; costUsd: number; notionalUsd: number; savingsUsd: number }
      trendUsd: number[]
      models: { costUsd: number }[]
    }
    expect(month.calls).toBe(calls.length)
    expect(month.costUsd).toBeCloseTo(sum(billed), 9)
    expect(month.notionalUsd).toBeCloseTo(sum(notional), 9)
    expect(month.savingsUsd).toBeCloseTo(saved, 9)
    expect(trendUsd.reduce((total, usd) => total + usd, 0)).toBeCloseTo(sum(billed), 9)
    expect(models.reduce((total, model) => total + model.costUsd, 0)).toBeCloseTo(sum(billed), 9)
    const metrics = await (await fetch(`${daemon.url}/metrics`)).text()
    const counted = (name: string): number =>
      [...metrics.matchAll(new RegExp(`^${name}\\{.*\\} (\\S+)$`, 'gm'))].reduce((total, [, usd]) => total + Number(usd), 0)
    expect(counted('llmroute_cost_usd_total')).toBeCloseTo(sum(billed), 9)
    expect(counted('llmroute_notional_cost_usd_total')).toBeCloseTo(sum(notional), 9)
    expect(await shown('report')).toMatch(/besides, \$0\.\d+ for 1 call that the clients’ own credentials paid for \(notional/)
  }
})

it('says what of the spend was imported, at list prices', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'llmroute-imported-'))
  const log = join(folder, 'calls.jsonl')
  const line = {
    time: '2026-11-02T12:00:00Z',
    model: 'openai/gpt-5-mini',
    prompt: 'Name three primes.',
    usage: { input: 1000, output: 1000 },
  }
  writeFileSync(log, `${JSON.stringify(line)}\n`)
  const run = (...args: string[]) => runCli([...args, '--db', join(folder, 'ledger.db')], { env: { LLMROUTE_CONFIG_DIR: folder } })
  expect((await run('import', 'jsonl', log)).code).toBe(0)
  const report = JSON.parse((await run('report', '--json')).out) as { costUsd: number; imported: unknown }
  expect(report.costUsd).toBeGreaterThan(0)
  expect(report.imported).toEqual({ calls: 1, costUsd: report.costUsd })
  expect((await run('report')).out).toMatch(/of it, \$0\.\d+ for 1 imported call, at list prices/)
  rmSync(folder, { recursive: true, force: true })
})
