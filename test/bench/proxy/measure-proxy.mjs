import { withScratchFolder } from '../scratch-folder.mjs'
import { spread } from '../statistics.mjs'
import { load } from './load.mjs'
import { startPeers } from './peers.mjs'
import { residentMb, startScript } from './processes.mjs'
import { agentBody, smallBody } from './request-bodies.mjs'
import { serveLlmroute } from './serve-llmroute.mjs'

const small = (format, model) => smallBody(format, model, false)
const streamed = (format, model) => smallBody(format, model, true)
const share = (figure) => (own, direct) => own[figure] / direct[figure]
const added = (figure) => (own, direct) => own[figure] - direct[figure]
const cpu = (own, direct) => own.cpuPerRequest / direct.upstreamCpuPerRequest

/** What is sent, and what is read off it: each figure compares a target with the upstream asked directly in the same round. */
const SCENARIOS = [
  {
    name: '32 in flight',
    inFlight: 32,
    marks: 1,
    body: small,
    figures: [
      { measure: 'requests/s at 32 in flight, share of direct', unit: '', of: share('rate'), aim: ['>= 0.28', '>= 0.2'] },
      { measure: "CPU per request, multiple of the upstream's", unit: 'x', of: cpu, aim: ['<= 4', null] },
    ],
  },
  {
    name: 'one at a time',
    inFlight: 1,
    marks: 1,
    body: small,
    figures: [{ measure: 'added p50, one at a time', unit: 'ms', of: added('p50'), aim: ['<= 0.3', null] }],
  },
  {
    name: '200 KB',
    inFlight: 1,
    marks: 1,
    body: agentBody,
    figures: [{ measure: 'added p50, 200 KB agent body', unit: 'ms', of: added('p50'), aim: ['<= 1.5', '<= 4'] }],
  },
  {
    name: 'streams',
    inFlight: 32,
    marks: 200,
    body: streamed,
    shape: { chunks: 200, bytes: 20 },
    figures: [{ measure: 'streamed chunks/s at 32, share of direct', unit: '', of: share('chunkRate'), aim: ['>= 0.65', null] }],
  },
  {
    name: 'paced streams',
    inFlight: 32,
    marks: 50,
    body: streamed,
    shape: { chunks: 50, bytes: 44, delayMs: 10 },
    figures: [{ measure: 'added time to first token, 32 paced streams', unit: 'ms', of: added('firstP50'), aim: ['<= 5', null] }],
  },
]
const PLAIN = { chunks: 20, bytes: 16, delayMs: 0 }
/** Requests of the first kind in a millisecond of measurement: 4,000 for the usual second. */
const WARM_UP = 4
const WAYS = [
  { format: 'openai', title: '', aim: 0 },
  { format: 'anthropic', title: 'across formats: ', aim: 1 },
]

/** Every scenario, round by round with the targets in turn, so that what else the machine does hits all of them. */
export function measureProxy({ rounds, durationMs, peers, say }) {
  return withScratchFolder(async (folder) => {
    const running = []
    try {
      const upstream = await startScript('mock-upstream.mjs')
      running.push(upstream)
      const bare = await startScript('pass-through.mjs', `http://127.0.0.1:${upstream.port}`)
      running.push(bare)
      const own = await serveLlmroute(folder, upstream.port)
      running.push(own)
      const others = peers ? await startPeers(folder, upstream.port, say) : []
      running.push(...others)
      const targets = [
        { name: 'direct', ...upstream, model: 'mock' },
        { name: 'bare', ...bare, model: 'mock' },
        { name: 'llmroute', ...own, model: 'auto' },
        ...others,
      ]
      const rows = []
      let errors = 0
      await warmUp(targets, upstream, durationMs)
      for (const way of WAYS) {
        const able = targets.filter((target) => target.formats?.includes(way.format) ?? true)
        for (const scenario of SCENARIOS) {
          const measured = await measureRounds(able, scenario, way, { rounds, durationMs, upstream })
          for (const { requests, errors: failed, sample } of measured.llmroute) {
            errors += failed
            if (failed > 0) say(`  ${way.title}${scenario.name}: ${failed} of ${requests} failed: ${sample}`)
          }
          rows.push(...scenario.figures.map((figure) => rowOf(figure, measured, way)))
          say(`  ${rows.at(-1).measure}: ${rows.at(-1).value?.toPrecision(3)}`)
        }
      }
      const resident = Object.fromEntries(targets.map(({ name, pid }) => [name, finite(residentMb(pid))]))
      rows.push({
        measure: 'resident memory after the load',
        unit: 'MB',
        value: resident.llmroute,
        others: othersOf(resident),
        aim: '<= 180',
      })
      return { rows, errors }
    } finally {
      for (const one of running.reverse()) await one.stop()
    }
  })
}

/** Compiled code is what a daemon runs after its first thousand calls: each target gets as many of every kind first. */
async function warmUp(targets, upstream, durationMs) {
  await upstream.ask({ ...PLAIN, chunks: 50 })
  for (const target of targets) {
    for (const { format } of WAYS) {
      if (!(target.formats?.includes(format) ?? true)) continue
      const warm = (inFlight, body, atLeast) =>
        load(target, { format, inFlight, atLeast, marks: 1, ms: durationMs, body: body(format, target.model) }, upstream.pid)
      await warm(32, small, WARM_UP * durationMs)
      await warm(8, streamed, durationMs / 4)
      await warm(4, agentBody, durationMs / 8)
    }
  }
}

async function measureRounds(targets, scenario, { format }, { rounds, durationMs, upstream }) {
  await upstream.ask({ ...PLAIN, ...scenario.shape })
  const measured = Object.fromEntries(targets.map(({ name }) => [name, []]))
  const spec = { ...scenario, format }
  const once = (target, ms) => load(target, { ...spec, ms, body: scenario.body(format, target.model) }, upstream.pid)
  for (const target of targets) await once(target, durationMs / 4)
  for (let round = 0; round < rounds; round++) {
    const turned = targets.map((_, i) => targets[(i + round) % targets.length])
    for (const target of turned) measured[target.name].push(await once(target, durationMs))
  }
  return measured
}

function rowOf(figure, measured, way) {
  const figures = (name) => measured[name].map((own, round) => figure.of(own, measured.direct[round]))
  const { median: value, min, max } = spread(figures('llmroute'))
  const medians = Object.fromEntries(Object.keys(measured).map((name) => [name, spread(figures(name)).median]))
  return { measure: way.title + figure.measure, unit: figure.unit, value, min, max, others: othersOf(medians), aim: figure.aim[way.aim] }
}

const finite = (x) => (Number.isFinite(x) ? x : null)
const othersOf = ({ direct: _direct, llmroute: _llmroute, bare, ...peers }) => ({ 'bare pass-through': bare, ...peers })
