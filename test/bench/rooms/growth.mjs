import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { room, root } from '../built-program.mjs'
import { withScratchFolder } from '../scratch-folder.mjs'
import { openRouter } from './serve-samples.mjs'

const TURNS = 60
const FIRST_BYTES = 60_000
const LAST_BYTES = 200_000

/**
 * How much of an agent session's traffic is kept on disk: sixty calls, each repeating the whole conversation before it, from 60 to
 * 200 KB. What the agent reads is this project's own source code, so that it compresses as code does and not better.
 */
export function measureGrowth() {
  return withScratchFolder(async (folder) => {
    const db = join(folder, 'ledger.db')
    const code = sourceCode()
    await (await openRouter(folder, db, 'all')).close()
    const before = bytesOf(folder)
    const router = await openRouter(folder, db, 'all')
    const tools = toolsOf(code)
    const step = Math.round((LAST_BYTES - FIRST_BYTES) / TURNS)
    const messages = [
      { role: 'system', content: `You are a coding agent.\n${code(FIRST_BYTES / 3)}` },
      { role: 'user', content: 'Find out why the tests fail, and fix it.' },
    ]
    let raw = 0
    for (let turn = 0; turn < TURNS; turn++) {
      const body = JSON.stringify({ model: 'auto', tools, messages })
      const { content, bytes } = await router.ask('growth', body)
      raw += body.length + bytes
      const call = { id: `call_${turn}`, type: 'function', function: { name: 'read_file', arguments: `{"path":"src/file-${turn}.ts"}` } }
      messages.push({ role: 'assistant', content, tool_calls: [call] })
      messages.push({ role: 'tool', tool_call_id: call.id, content: code(Math.max(200, step - 700)) })
    }
    await router.close()
    const { openLedger } = await room('ledger')
    // Closing once more leaves the file without its write-ahead log.
    await (await openLedger(db)).close()
    const share = (100 * (bytesOf(folder) - before)) / raw
    const measure = `ledger growth, agent session of ${TURNS} turns, share of the ${(raw / 1e6).toFixed(1)} MB sent`
    return [{ measure, unit: '%', value: share, aim: '<= 5' }]
  })
}

function bytesOf(folder) {
  return readdirSync(folder)
    .filter((name) => name.startsWith('ledger.db'))
    .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
}

/** Gives out the project's sources, piece by piece. */
function sourceCode() {
  const src = join(root, 'src')
  const files = readdirSync(src, { recursive: true })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.data.ts'))
    .sort()
  const text = files.map((name) => readFileSync(join(src, name), 'utf8')).join('\n')
  let at = 0
  return (chars) => {
    if (at + chars > text.length) at = 0
    at += chars
    return text.slice(at - chars, at)
  }
}

function toolsOf(code) {
  return Array.from({ length: 20 }, (_, i) => ({
    type: 'function',
    function: {
      name: i === 0 ? 'read_file' : `tool_${i}`,
      description: code(FIRST_BYTES / 30 - 300),
      parameters: { type: 'object', properties: { path: { type: 'string', description: 'Path below the root.' } }, required: ['path'] },
    },
  }))
}
