import { join } from 'node:path'
import { room } from '../built-program.mjs'
import { agentBody, smallBody } from '../proxy/request-bodies.mjs'
import { withScratchFolder } from '../scratch-folder.mjs'
import { serveSamples } from './serve-samples.mjs'
import { microsecondRows, timeIt } from './time-it.mjs'

const SIZES = [1, 10, 50, 200]
const VARIANTS = 100

/** What a call pays before it is sent: reading the body, judging it, choosing, and encoding the decision for the record. */
export async function measureDecide({ rounds, durationMs }) {
  const time = (run) => timeIt(run, { ms: durationMs, rounds })
  const rows = []
  const { codecFor } = await room('wire')
  const { classify } = await room('classify')
  const { createRecognizer } = await room('route')
  const bodies = [
    ['small chat', smallBody('openai', 'auto', false)],
    ...SIZES.map((kb) => [`${kb} KB question`, question(kb)]),
    ['200 KB agent body', agentBody('openai', 'auto')],
  ]
  const codec = codecFor('openai-chat')
  let calls = 0
  for (const [name, body] of bodies) {
    const text = JSON.stringify(body)
    const read = (json = text) => codec.readRequest(JSON.parse(json), { headers: {} })
    const requests = variants(body, read)
    const recognize = createRecognizer()
    rows.push(
      ...microsecondRows(
        `read ${name}`,
        time(() => read()),
      ),
      ...microsecondRows(
        `classify ${name}`,
        time(() => classify(recognize(anew(requests[calls++ % VARIANTS])))),
      ),
    )
  }
  return [...rows, ...(await withScratchFolder((folder) => measurePolicy(folder, time)))]
}

async function measurePolicy(folder, time) {
  const { openLedger } = await room('ledger')
  const { decide, decodeInput, decodePlan, decodeSignals, encodeInput, encodePlan } = await room('policy')
  const db = join(folder, 'samples.db')
  await serveSamples(folder, db)
  const ledger = await openLedger(db, { readonly: true })
  const parsed = (texts) => new Map([...texts].map(([hash, json]) => [hash, JSON.parse(json)]))
  const policies = parsed(ledger.policies())
  const revs = parsed(ledger.modelRevs())
  const tables = { policy: (hash) => policies.get(hash), modelRev: (hash) => revs.get(hash) }
  const decided = [...ledger.replay()].flat().filter(({ kind }) => kind === 'decided')
  await ledger.close()
  let n = 0
  const next = (list) => list[n++ % list.length]
  const inputs = decided.map((event) => decodeInput(event.input, decodeSignals(event.signals), tables))
  const plans = inputs.map(decide)
  return [
    ...microsecondRows(
      'decide among 5 models',
      time(() => decide(next(inputs))),
    ),
    ...microsecondRows(
      'encode a decision',
      time(() => {
        const i = n++ % inputs.length
        encodeInput(inputs[i])
        encodePlan(plans[i], inputs[i])
      }),
    ),
    ...microsecondRows(
      'decode a decision',
      time(() => {
        const i = n++ % decided.length
        const input = decodeInput(decided[i].input, decodeSignals(decided[i].signals), tables)
        decodePlan(decided[i].plan, input)
      }),
    ),
  ]
}

/** Requests whose last question differs: more of them than texts are remembered. */
function variants(body, read) {
  const asked = body.messages.findLastIndex(({ role, content }) => role === 'user' && typeof content === 'string')
  return Array.from({ length: VARIANTS }, (_, n) => {
    const messages = body.messages.map((m, i) => (i === asked ? { ...m, content: `${n} ${m.content}` } : m))
    return read(JSON.stringify({ ...body, messages }))
  })
}

/** As another call has it: in objects of its own, for the router to recognize. */
function anew(request) {
  const messages = request.messages.map((message) => ({ ...message, parts: message.parts.map((part) => ({ ...part })) }))
  return { ...request, messages }
}

function question(kb) {
  const sentence = 'The order was shipped on Monday, but the parcel has been waiting at the depot since and nobody answers. '
  const content = `Summarize this correspondence and say what to do next.\n${sentence.repeat((kb * 1024) / sentence.length)}`
  return { model: 'auto', messages: [{ role: 'user', content }] }
}
