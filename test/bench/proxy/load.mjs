import { median } from '../statistics.mjs'
import { cpuMs, untilQuiet } from './processes.mjs'
import { openConnection } from './raw-connection.mjs'
import { NONCE } from './request-bodies.mjs'

/** Longest that a load goes on for the sake of `atLeast`. */
const AT_MOST_MS = 30_000

/** Longer than the daemon gathers bodies before it writes them. */
const QUIET_MS = 300

let nonce = Math.floor(Math.random() * 1e9)

/** The bytes of a request, and where in them the number stands that makes each one different. */
function prepare(target, format, body) {
  const payload = Buffer.from(JSON.stringify(body))
  const own = {
    ...(format === 'anthropic' ? { 'x-api-key': 'sk-mock', 'anthropic-version': '2023-06-01' } : { authorization: 'Bearer sk-mock' }),
    ...target.headers,
  }
  const lines = Object.entries(own).map(([name, value]) => `${name}: ${value}\r\n`)
  const path = format === 'anthropic' ? '/v1/messages' : '/v1/chat/completions'
  const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${target.port}\r\ncontent-type: application/json\r\n${lines.join('')}content-length: ${payload.length}\r\n\r\n`
  const bytes = Buffer.concat([Buffer.from(head), payload])
  return { bytes, at: bytes.indexOf(NONCE) + NONCE.length - 10 }
}

/**
 * `inFlight` clients, each sending its next request when the last is answered, for `ms` and `atLeast` requests. Errors are
 * counted, not thrown. `upstreamPid` is whose processor time is told beside the target's own.
 */
export async function load(target, { format, inFlight, ms, atLeast = 0, marks, body }, upstreamPid) {
  const { bytes, at } = prepare(target, format, body)
  const connections = await Promise.all(Array.from({ length: inFlight }, () => openConnection(target.port)))
  const took = []
  const firsts = []
  let requests = 0
  let errors = 0
  let sample = null
  let chunks = 0
  const cpuBefore = cpuMs(target.pid)
  const upstreamBefore = cpuMs(upstreamPid)
  const started = performance.now()
  const goesOn = (passed) => passed < ms || (requests < atLeast && passed < AT_MOST_MS)
  async function client(first) {
    let connection = first
    const own = Buffer.from(bytes)
    do {
      own.write(String(nonce++ % 1e10).padStart(10, '0'), at, 'latin1')
      const answer = await connection.send(own)
      requests++
      chunks += answer.marks
      if (answer.error !== null || answer.status !== 200 || answer.marks < marks) {
        errors++
        sample ??= `${answer.error?.message ?? ''} status ${answer.status}, ${answer.marks} of ${marks} chunks ${answer.tail}`
        // A target that fails at once must not be asked without end.
        await new Promise((resolve) => setTimeout(resolve, 20))
      } else {
        took.push(answer.ms)
        firsts.push(answer.firstMs)
      }
      if (!connection.usable) connection = await openConnection(target.port)
    } while (goesOn(performance.now() - started))
    connection.close()
  }
  await Promise.all(connections.map(client))
  const seconds = (performance.now() - started) / 1000
  if (target.pid !== upstreamPid) await untilQuiet(target.pid, Math.min(QUIET_MS, 4 * ms))
  return {
    requests,
    errors,
    sample,
    rate: (requests - errors) / seconds,
    chunkRate: chunks / seconds,
    p50: median(took),
    firstP50: median(firsts),
    cpuPerRequest: (cpuMs(target.pid) - cpuBefore) / requests,
    upstreamCpuPerRequest: (cpuMs(upstreamPid) - upstreamBefore) / requests,
  }
}
