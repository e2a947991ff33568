// Writes a month of made-up Claude Code sessions, those that README.md simulates: node docs/picture/month.mjs FOLDER
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const SESSIONS = 60
const START = Date.UTC(2026, 9, 1, 8)
const MODELS = ['claude-opus-5-5', 'claude-opus-5-5', 'claude-sonnet-5']
const TOOLS = [
  ['Read', { file_path: 'src/orders/total.ts' }],
  ['Bash', { command: 'npm test -- orders' }],
  ['Edit', { file_path: 'src/orders/total.ts', old_string: 'price', new_string: 'price * quantity' }],
  ['Bash', { command: 'git diff --stat' }],
]
const PROMPTS = [
  'Rename the variable `tot` to `total` in src/orders/total.ts.',
  'Add a test for an empty order.',
  'What does the function `settle` in src/orders/settle.ts return when the payment fails?',
  'Find out why the total of an order with a discount is wrong by one cent, and fix it.',
  'Explain this stack trace: TypeError: Cannot read properties of undefined (reading "price") at total (src/orders/total.ts:41:18)',
  'Write the release notes from the last ten commits.',
  'Move the pricing rules out of the controller into a module of their own, with tests, without changing what the API returns.',
  'Design how orders could be split over several warehouses: the tables, the locking, and how a half-finished split is undone.',
]
const RESULT = 'src/orders/total.ts:41: const total = items.reduce((sum, item) => sum + item.price, 0)\n'.repeat(30)

const folder = process.argv[2] ?? '.'
mkdirSync(folder, { recursive: true })
for (let session = 0; session < SESSIONS; session++)
  writeFileSync(
    join(folder, `${session}.jsonl`),
    lines(session)
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(''),
  )

/** A session: a request, then tool calls and their results. Each answer is logged with its usage, and reads the turns before it from the cache. */
function lines(session) {
  const model = MODELS[session % MODELS.length]
  const prompt = session % PROMPTS.length
  const turns = 3 + ((session * 7) % 5) + 4 * prompt
  const started = START + session * 11.6 * 3_600_000
  const common = { sessionId: `month-${session}`, isSidechain: false, version: '2.1.329' }
  let cached = 0
  return Array.from({ length: turns }, (_, turn) => {
    const at = (seconds) => new Date(started + (turn * 25 + seconds) * 1000).toISOString()
    const [name, input] = TOOLS[turn % TOOLS.length]
    const [result, use] = [`toolu_${session}_${turn - 1}`, `toolu_${session}_${turn}`]
    const asked = turn === 0 ? PROMPTS[prompt] : [{ type: 'tool_result', tool_use_id: result, content: RESULT }]
    const said = turn === turns - 1 ? { type: 'text', text: 'Done.' } : { type: 'tool_use', id: use, name, input }
    const written = turn === 0 ? 21_000 : 1100
    const output = 120 + ((session * 31 + turn * 97) % 600)
    const usage = { input_tokens: 4, cache_creation_input_tokens: written, cache_read_input_tokens: cached, output_tokens: output }
    cached += written
    const ids = { id: `msg_${session}_${turn}`, type: 'message', role: 'assistant', model }
    return [
      { ...common, type: 'user', timestamp: at(0), message: { role: 'user', content: asked } },
      {
        ...common,
        type: 'assistant',
        timestamp: at(2 + output / 70),
        requestId: `req_${session}_${turn}`,
        message: { ...ids, content: [said], usage },
      },
    ]
  }).flat()
}
