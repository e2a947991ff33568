import { execFile, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify, stripVTControlCharacters } from 'node:util'
import { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest'
import { COMMANDS } from '../../src/cli/command-table.js'
import { programFolder } from './built-program.js'
import { runCli } from './run-cli.js'

const run = promisify(execFile)
/** Dozens of processes, one after another. */
const SLOW = 600_000

let folder: string
let env: NodeJS.ProcessEnv

beforeAll(() => {
  ;({ folder, env } = programFolder())
  // What the examples of `import` read.
  mkdirSync(join(folder, '.claude/projects/demo'), { recursive: true })
  cpSync('test/fixtures/agent-logs/claude-code-2.1.197-4.jsonl', join(folder, '.claude/projects/demo/session.jsonl'))
  const call = {
    time: new Date().toISOString(),
    model: 'openai/gpt-5-mini',
    session: 'a',
    prompt: 'What is a monad?',
    usage: { input: 12, output: 310 },
  }
  writeFileSync(join(folder, 'calls.jsonl'), `${JSON.stringify(call)}\n`)
  // What the examples of `batch` read.
  writeFileSync(join(folder, 'prompts.jsonl'), 'Name three primes.\nName three rivers.\n')
  // What the example of `models --update` reads.
  const providers = ['openai', 'anthropic', 'google'].map((id) => ({ id, models: [] }))
  writeFileSync(join(folder, 'prices.json'), JSON.stringify(providers))
}, SLOW)
afterAll(async () => {
  await run('llmroute', ['stop'], { cwd: folder, env }).catch(() => {})
  rmSync(folder, { recursive: true, force: true })
})

const llmroute = (...args: readonly string[]): Promise<{ stdout: string; stderr: string }> => run('llmroute', args, { cwd: folder, env })
const shell = (line: string): Promise<{ stdout: string; stderr: string }> =>
  run('bash', ['-o', 'pipefail', '-c', line], { cwd: folder, env })

describe('the program', { timeout: SLOW }, () => {
  it('says what is wrong with a file in one line where parsers draw in colours', async () => {
    writeFileSync(join(folder, 'torn.json'), '{')
    const coloured = run('llmroute', ['config', 'check', '--config', 'torn.json'], {
      cwd: folder,
      env: { ...env, CI: 'true', FORCE_COLOR: '1' },
    })
    const { code, stderr } = await coloured.catch((error) => error)
    expect(code).toBe(2)
    expect(stripVTControlCharacters(stderr)).toMatch(/torn\.json could not be read: [^\n|]+JSON[^\n|]+\n/)
  })

  // Node 22 opens fewer files at a time: the program starts with a limit of 30 there, which stops Node 20.
  const opensMany = Number.parseInt(process.versions.node, 10) < 22
  it.skipIf(process.platform === 'win32' || !opensMany)('says so where the system lets it open too few files even to start', async () => {
    const { code, stderr } = await shell('ulimit -n 40; llmroute models').catch((error) => error)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^llmroute: Too few files may be open .*ulimit -n 4096[^\n]*\n$/)
  })

  it.skipIf(process.platform === 'win32')('says so where the current folder has been deleted', async () => {
    const { code, stderr } = await shell('mkdir gone && cd gone && rmdir ../gone && llmroute models').catch((error) => error)
    expect(code).toBe(1)
    // The shell has something to say about it, too.
    expect(stderr).toMatch(/^llmroute: The current folder is gone \(ENOENT\)\. Change to one that exists: `cd`\.$/m)
    expect(stderr).not.toContain(' at ')
  })

  it('takes an empty HOME for none, instead of a home below wherever one stands', async () => {
    const { LLMROUTE_DB: _, ...unnamed } = env
    const { stdout } = await run('llmroute', ['doctor', '--json'], { cwd: folder, env: { ...unnamed, HOME: '', XDG_DATA_HOME: '' } })
    const { findings } = JSON.parse(stdout) as { findings: readonly { readonly check: string; readonly text: string }[] }
    expect(findings.find(({ check }) => check === 'disk')?.text).toMatch(/ledger at (\/|[A-Z]:\\)/)
  })

  it('takes a prompt from a pipe, together with the argument', async () => {
    expect((await shell('echo "Name three primes." | llmroute ask')).stdout).toMatch(/simulated answer/)
    await shell('echo "some text" | llmroute ask "summarize this"')
    expect((await shell('llmroute export --bodies | tail -1')).stdout).toContain('summarize this\\n\\nsome text')
  })

  it('is no error when the reader of a pipe goes away', async () => {
    const { stdout, stderr } = await shell(
      'for i in 1 2 3; do llmroute export --bodies; done > all; llmroute analyze --jsonl - < <(yes \'{"id":1,"prompt":"hi"}\' | head -20000) | head -1',
    )
    expect(stdout).toMatch(/^\{"id":1/)
    expect(stderr).toBe('')
  })

  it.skipIf(!existsSync('/dev/full'))('says in one line that its output cannot be written', async () => {
    for (const command of ['models', '--help']) {
      const { code, stderr } = await shell(`llmroute ${command} > /dev/full`).catch((error) => error)
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: 'llmroute: The output cannot be written (ENOSPC). Check where it goes, and that there is room.\n',
      })
    }
  })

  it('takes options before and after the command', async () => {
    expect(JSON.parse((await llmroute('--json', 'log', '--limit', '1')).stdout)).toHaveLength(1)
    expect(JSON.parse((await llmroute('log', '--limit', '1', '--json')).stdout)).toHaveLength(1)
  })

  it('draws one frame of the monitor for pipes', async () => {
    expect((await llmroute('monitor', '--snapshot')).stdout).toMatch(/today \$[\s\S]*simple chat|simple/)
  })

  it('keeps the ledger to its owner', () => {
    expect(statSync(join(folder, 'ledger.db')).mode & 0o777).toBe(0o600)
  })
})

describe('the daemon', () => {
  it(
    'runs in the background, answers ask, and stops',
    async () => {
      // Else the tests after it fail with it.
      onTestFailed(() => llmroute('stop').then(() => {}))
      await expect(llmroute('status')).rejects.toMatchObject({ code: 3 })
      expect((await llmroute('serve', '--detach')).stdout).toMatch(/runs in the background at http:\/\/127\.0\.0\.1:\d+/)
      const status = JSON.parse((await llmroute('status', '--json')).stdout) as {
        url: string
        pid: number
        sandbox: boolean
        calls: number
      }
      expect(status.sandbox).toBe(true)

      const answer = JSON.parse((await llmroute('ask', '--json', 'Name three primes.')).stdout) as { call: string }
      const after = JSON.parse((await llmroute('status', '--json')).stdout) as { calls: number }
      expect(after.calls).toBe(status.calls + 1)
      expect((await llmroute('logs')).stdout).toContain(answer.call)
      expect(JSON.parse((await llmroute('log', answer.call, '--json')).stdout)).toMatchObject({ status: 'ok', client: 'llmroute' })
      expect(JSON.parse((await llmroute('models', '--json')).stdout)).toMatchObject([{ health: 'ok' }, {}, {}, {}, {}, {}])
      const link = (await llmroute('open', '--print')).stdout.trim()
      expect(link.startsWith(`${status.url}/`)).toBe(true)
      expect((await fetch(link)).status).toBe(200)

      await expect(llmroute('serve', '--port', '0')).rejects.toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/already listens at http/) as string,
      })
      const port = new URL(status.url).port
      await expect(llmroute('serve', '--port', port, '--db', join(folder, 'other.db'))).rejects.toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/held by another llmroute/) as string,
      })

      expect((await llmroute('stop')).stdout).toBe(`Stopped process ${status.pid}.\n`)
      await expect(llmroute('stop')).rejects.toMatchObject({ code: 3 })
      expect(readdirSync(folder)).not.toContain('ledger.db.daemon.json')
    },
    SLOW,
  )

  it(
    'says in the foreground where it listens, and on an interrupt finishes the call under way and ends with 130',
    async () => {
      const child = spawn('llmroute', ['serve', '--port', '0'], { cwd: folder, env })
      let said = ''
      const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
      await new Promise<void>((resolve, reject) => {
        child.stdout.on('data', (chunk: Buffer) => {
          said += chunk.toString()
          if (said.includes('llmroute monitor')) resolve()
        })
        void ended.then((code) => reject(new Error(`it ended with ${code} and said: ${said}`)))
      })
      const answer = await fetch(`${/http:\/\/127\.0\.0\.1:\d+\/v1/.exec(said)?.[0]}/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'auto', stream: true, messages: [{ role: 'user', content: 'Tell me a long story about a ship.' }] }),
      })
      child.kill('SIGINT')
      expect(await answer.text()).toContain('[DONE]')
      expect(await ended).toBe(130)
      expect(said).toMatch(
        /Base URL +http:\/\/127\.0\.0\.1:\d+\/v1[\s\S]*Pool +sandbox\/tiny[\s\S]*Profile +balanced[\s\S]*Ledger +.*ledger\.db[\s\S]*Try next/,
      )
    },
    SLOW,
  )

  it(
    'says why it did not start in the background',
    async () => {
      writeFileSync(join(folder, 'broken.json'), '{"models": 7}')
      await expect(llmroute('serve', '--detach', '--config', 'broken.json')).rejects.toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/broken\.json: models/) as string,
      })
    },
    SLOW,
  )
})

it.each([[], ['--help'], ['-h'], ['help']])('shows the help of this version, as the commands tell it: %j', async (...words) => {
  expect((await llmroute(...words)).stdout).toBe((await runCli(['--help'])).out)
})

/** Every line after `$` in a help text. */
async function helpExamples(): Promise<readonly string[]> {
  const paths: (readonly string[])[] = [[]]
  for (const entry of COMMANDS) {
    const command = new Command(entry.name)
    ;(await entry.load()).define(command, { io: { env: {} } as never, globals: () => ({ json: false, verbose: false }) })
    paths.push([entry.name], ...command.commands.map((sub) => [entry.name, sub.name()]))
  }
  const texts = await Promise.all(paths.map(async (path) => (await runCli([...path, '--help'], { columns: 400 })).out))
  return [...new Set(texts.flatMap((text) => [...text.matchAll(/^ {2}\$ (.*)$/gm)].map((match) => match[1] ?? '')))]
}

/** Commands that run until they are ended, and what shows that they have begun. */
const ENDLESS: Readonly<Record<string, RegExp>> = { 'llmroute serve': /Base URL/, 'llmroute monitor': /calls today/ }
/** What an example needs to have happened before. */
const BEFORE: Readonly<Record<string, () => Promise<void>>> = { 'llmroute report --forecast': adoptAnotherPolicy }
/** Need that no daemon runs, or end the one that does. */
const ALONE = ['llmroute serve --sandbox --port 0 --detach', 'llmroute stop']

describe('the examples of --help', () => {
  it(
    'all run',
    async () => {
      await llmroute('serve', '--detach')
      const examples = await helpExamples()
      const failed: string[] = []
      const tryOut = (example: string): Promise<unknown> =>
        shell(example).catch((error: { stderr: string }) => failed.push(`${example}: ${error.stderr}`))
      for (const example of examples) {
        if (example in ENDLESS || ALONE.includes(example)) continue
        await BEFORE[example]?.()
        await tryOut(example)
      }
      await llmroute('stop')
      for (const example of ALONE) await tryOut(example)
      expect(failed).toEqual([])
      expect(examples).toEqual(expect.arrayContaining([...ALONE, ...Object.keys(ENDLESS)]))
    },
    SLOW,
  )

  it.each(Object.entries(ENDLESS))(
    '`%s` begins, and ends well when it is asked to',
    async (example, begun) => {
      const isMonitor = example === 'llmroute monitor'
      // The monitor needs a terminal; util-linux and macOS have a program that makes one.
      const [file, args] = isMonitor ? terminalFor(example) : ['bash', ['-c', `exec ${example}`]]
      const child = spawn(file, args, { cwd: folder, env: { ...env, TERM: 'xterm-256color' } })
      let said = ''
      const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
      child.stdout.on('data', (chunk: Buffer) => {
        const before = begun.test(said)
        said += chunk.toString()
        if (before || !begun.test(said)) return
        if (isMonitor) child.stdin.write('q')
        else child.kill('SIGINT')
      })
      expect(await ended, said).toBe(isMonitor ? 0 : 130)
      expect(said).toMatch(begun)
    },
    SLOW,
  )
})

/** Calls under one policy, then under another. */
async function adoptAnotherPolicy(): Promise<void> {
  const { url } = JSON.parse((await llmroute('status', '--json')).stdout) as { url: string }
  for (const profile of ['balanced', 'economy']) {
    for (let at = 0; at < 31; at++) {
      const response = await fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-llmroute-session': `${profile}-${at}`, 'x-llmroute-profile': profile },
        body: JSON.stringify({ model: 'auto', messages: [{ role: 'user', content: `Name ${at} primes.` }], max_tokens: 20 }),
      })
      expect(response.status).toBe(200)
      await response.text()
    }
  }
}

/** A command line in a pseudo-terminal of its own. */
function terminalFor(line: string): [string, string[]] {
  return process.platform === 'linux' ? ['script', ['-qefc', line, '/dev/null']] : ['script', ['-q', '/dev/null', ...line.split(' ')]]
}
