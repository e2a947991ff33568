// Draws docs/picture/monitor.svg from a real run: npm run picture. Needs tmux; the program is the one that `npm run build` left in dist/.
// A daemon with simulated models is given calls as agents send them; the monitor runs in a terminal of its own and is photographed there.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { svgOf } from './ansi-to-svg.mjs'

const COLUMNS = 132
const ROWS = 32
const CALLS = 160
const program = fileURLToPath(new URL('../../bin/llmroute', import.meta.url))
const picture = fileURLToPath(new URL('./monitor.svg', import.meta.url))

const PROMPTS = [
  'hi',
  'Write a SQL query that joins three tables and sums revenue by month.',
  'Prove that every bounded sequence has a convergent subsequence.',
  'Translate to French: good morning',
  'Why does this throw? TypeError: undefined is not a function at parse (a.js:3)',
  'Classify the sentiment as positive or negative: I love it.',
  'Extract all dates as JSON: born 3 May 1999, moved on 2 January 2020.',
  'Refactor this to be pure: let x = 0; function next() { x++; return x }',
  'Plan the move of a monolith with forty tables to services, with its risks.',
  'Summarize in one sentence: the cat sat on the mat and would not leave.',
]
const AGENTS = ['claude-cli/2.1.329 (external, cli)', 'codex_exec/0.169.0', 'opencode/1.18.33', 'OpenAI/JS 6.49.0']

const folder = mkdtempSync(join(tmpdir(), 'llmroute-picture-'))
const env = { ...process.env, HOME: folder, LLMROUTE_DB: join(folder, 'ledger.db'), LLMROUTE_CONFIG_DIR: folder, TERM: 'xterm-256color' }
const session = `llmroute-picture-${process.pid}`
const run = (file, ...args) => execFileSync(file, args, { cwd: folder, env, encoding: 'utf8' })
const llmroute = (...args) => run(process.execPath, program, ...args)

try {
  llmroute('serve', '--sandbox', '--port', '4141', '--detach')
  const { url } = JSON.parse(llmroute('status', '--json'))
  run('tmux', 'new-session', '-d', '-s', session, '-x', String(COLUMNS), '-y', String(ROWS), `'${process.execPath}' '${program}' monitor`)
  for (let at = 0; at < CALLS; at++) {
    const done = send(url, at)
    // The last one is still being answered when the picture is taken.
    if (at < CALLS - 1) await done
  }
  await sleep(2500)
  const last = send(url, 2)
  await sleep(400)
  const screen = run('tmux', 'capture-pane', '-e', '-p', '-t', session)
  writeFileSync(picture, svgOf(screen, { columns: COLUMNS, title: 'llmroute monitor' }))
  await last
  console.log(`wrote ${picture}`)
} finally {
  execFileSync('tmux', ['kill-session', '-t', session], { stdio: 'ignore' })
  llmroute('stop')
  rmSync(folder, { recursive: true, force: true })
}

/** A conversation's next turn: the same opening again, so that caches are warm. */
async function send(url, at) {
  const talk = at % 7
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': AGENTS[talk % AGENTS.length], 'x-llmroute-session': `talk-${talk}` },
    body: JSON.stringify({
      model: ['auto', 'auto', 'auto:economy', 'auto:quality'][(at * 5) % 4],
      stream: true,
      max_tokens: 200 + ((at * 37) % 400),
      messages: [
        { role: 'system', content: `Agent ${talk}. ${'Work in small steps and say what you do. '.repeat(150)}` },
        { role: 'user', content: PROMPTS[(at * 3) % PROMPTS.length] },
      ],
    }),
  })
  await response.text()
}
