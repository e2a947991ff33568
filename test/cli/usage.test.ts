import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/cli/command-table.js'
import { otherVersion } from '../../src/cli/version.js'
import { newPlace, type Place, runCli } from './run-cli.js'

let place: Place
beforeAll(() => {
  place = newPlace()
})
afterAll(() => place.remove())

describe('help', () => {
  it('lists every command with what it does, without loading any of them', async () => {
    const { code, out } = await runCli(['--help'], { columns: 100 })
    expect(code).toBe(0)
    for (const { name, summary } of COMMANDS) expect(out).toMatch(new RegExp(`^  ${name}(\\|\\w+)? .*${summary.slice(0, 20)}`, 'm'))
    expect(out).toMatch(/Exit codes: 0 done/)
  })

  it('is shown for no command at all', async () => {
    expect((await runCli([])).out).toMatch(/^Usage: llmroute/)
  })

  it.each(COMMANDS.map(({ name }) => name))('%s has an example, in its subcommands too', async (name) => {
    const program = new Command(name)
    const entry = COMMANDS.find((command) => command.name === name)
    ;(await entry?.load())?.define(program, { io: { env: {} } as never, globals: () => ({ json: false, verbose: false }) })
    const paths = [[name], ...program.commands.map((sub) => [name, sub.name()])]
    for (const path of paths) {
      const { code, out } = await runCli([...path, '--help'], { columns: 100 })
      expect(code, path.join(' ')).toBe(0)
      expect(out).toMatch(/^Examples?:\n {2}\$ .*llmroute/m)
      expect(out).toMatch(/--db <file>/)
    }
  })

  it('tells a newer daemon from an older one', () => {
    expect(otherVersion('0.1.0', '0.1.0')).toBeNull()
    expect(otherVersion('0.9.0', '0.10.0')).toContain('newer than the daemon: restart it')
    expect(otherVersion('1.0.0', '0.10.0')).toContain('older than the daemon')
  })

  it('answers `help COMMAND` like `COMMAND --help`', async () => {
    expect((await runCli(['help', 'log'])).out).toBe((await runCli(['log', '--help'])).out)
  })

  it.each([
    [['frobnicate'], 'llmroute --help'],
    [['keys', 'frobnicate'], 'llmroute keys --help'],
  ])('for a command that is not there is wrong usage: %j', async (path, help) => {
    const said = `llmroute: unknown command 'frobnicate'. See \`${help}\`.\n`
    expect(await runCli(['help', ...path])).toEqual({ code: 2, out: '', err: said })
    expect(await runCli([...path, '--help'])).toEqual({ code: 2, out: '', err: said })
  })

  it('prints the version of the package', async () => {
    expect((await runCli(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

describe('errors', () => {
  it.each([
    [['frobnicate'], 2, /unknown command 'frobnicate'\. See `llmroute --help`\./],
    [['analyse'], 2, /Did you mean analyze\?/],
    [['log', '--colour'], 2, /unknown option '--colour'\. See `llmroute log --help`\./],
    [['log', '--limit', 'many'], 2, /Give a whole number/],
    [['log', '--since', 'yesterday'], 2, /'yesterday' is no time for --since\. Give a duration such as 30d/],
    [['log', '--since', '1h', '--until', '2h'], 2, /--since 1h is not before --until 2h\. Give the earlier time to --since/],
    [['prune', '--older-than', '2026-11-01'], 2, /no duration for --older-than\. Give one such as 30d, 12h or 45m\.$/m],
    [['export', '--format', 'csv', '--bodies'], 2, /--bodies does not go with --format csv/],
    [['export', '--format', 'csv', '--json'], 2, /--json does not go with --format csv/],
    [
      ['connect', 'codex', '--key', ''],
      2,
      /'--key <key>' argument '' is invalid\. Give a value, or leave the option out\. See `llmroute connect/,
    ],
    [['ask', 'hi', '--profile', ''], 2, /'-p, --profile <profile>' argument '' is invalid\. Give a value/],
    [['keys', 'create', 'a', '--tier', ''], 2, /'--tier <tier>' argument '' is invalid/],
    [['simulate', '--without', ''], 2, /'--without <providers>' argument '' is invalid/],
    [['simulate', '--preset', 'economy', '--preset', ''], 2, /'--preset <name>' argument '' is invalid/],
    [['connect', 'cursor', '--undo'], 3, /there is nothing to undo\. `llmroute connect cursor` shows how to connect it\./],
    [['connect', 'codex', '--keep'], 2, /--keep goes with --undo\./],
    [['connect', 'codex', '--undo', '--keep', '--force'], 2, /'--keep' cannot be used with option '--force'/],
    [['train', '--undo', '--dry-run'], 2, /'--undo' cannot be used with option '--dry-run'/],
    [['train', '--anew', '--correct'], 2, /'--anew' cannot be used with option '--correct'/],
    [['report', '--by', 'mood'], 2, /Allowed choices are model, task/],
    [['ask'], 2, /There is no prompt\. Give it as an argument/],
    [['serve', '--port', '99999'], 2, /Give a port from 0 to 65535/],
    [['serve', '--port', '6000'], 2, /Give another port: fetch and browsers refuse/],
    [['completion', 'tcsh'], 2, /Allowed choices are bash, zsh, fish/],
    [['log'], 3, /holds no calls yet\. Send one with/],
    [['status'], 3, /No daemon runs for the ledger .* Start one with/],
    [['monitor'], 2, /The monitor needs a terminal\./],
    // Before the ledger is read, which may take long.
    [['simulate', '--preset', 'economy', '--html', 'nowhere/page.html'], 2, /cannot be written to .*page\.html \(ENOENT\)\. Give a file/],
    [['simulate', '--preset', 'economy', '--html', '.'], 2, /cannot be written to .* \(EISDIR\)\. Give a file/],
    [['ask', 'hi', '--tags', 'a\nb'], 2, /--tags holds characters that a header cannot carry\. Leave out control characters\./],
    [['train', '/dev/null'], 3, /There is no labelled row in this data\. See `llmroute train --help`/],
    [['train', 'rows.jsonl', '--since', '1d'], 2, /--since is for calls of the ledger, not for labelled data\. Leave one/],
    [['import', 'jsonl', 'none.jsonl'], 2, /none\.jsonl: no such file or folder\. Give the path of a log of jsonl\./],
    [['import', 'jsonl', '/dev/null'], 2, /\/dev\/null is neither a file nor a folder\. Save what it gives to a file first\./],
    [['log', 'last', '--status', 'ok'], 2, /--status is for a list, and last is one call\. Give one of the two\./],
    [['report', '--forecast', '--html', 'page.html'], 2, /'--forecast' cannot be used with option '--html <file>'/],
    [['analyze', 'hi', '--jsonl', 'lines.jsonl'], 2, /A prompt does not go with --jsonl\. Give one of the two\./],
    [['models', 'tiny'], 2, /too many arguments for 'models'\. Expected 0 arguments but got 1\. See/],
    [['ask', 'Name', 'primes'], 2, /too many arguments for 'ask'.* Put an argument of several words in quotes\. See/],
    [['init', '--models', ','], 2, /'--models <list>' argument ',' is invalid\. Give at least one name/],
    [['log', '--db', ''], 2, /'--db <file>' argument '' is invalid\. Give a value, or leave the option out/],
    [['log', '--config', ''], 2, /'--config <file>' argument '' is invalid/],
    [['log', '--since', '2026-02-30'], 2, /'2026-02-30' is no time for --since\. Give a duration such as 30d/],
    [['ask', 'hi', '--deadline', 'soon'], 2, /'soon' is no duration for --deadline/],
    [['keys', 'create', 'a', '--name', 'b'], 2, /The key has two names, 'a' and 'b'\./],
    [['connect', '--list', '--write'], 2, /--write does not go with --list/],
    [['connect', 'codex', '--list'], 2, /codex does not go with --list/],
    [['connect', 'codex', '--tunnel'], 2, /--tunnel does not go with Codex/],
    [['connect', 'cursor', '--tunnel', '--url', 'http://127.0.0.1:1'], 2, /--tunnel does not go with --url/],
  ])('%j ends with %i and one plain sentence', async (args, code, message) => {
    const ran = await place.cli(['--db', join(place.folder, 'none.db'), ...args])
    expect(ran).toMatchObject({ code, out: '' })
    expect(ran.err).toMatch(message)
    expect(ran.err.trim().split('\n')).toHaveLength(1)
    expect(ran.err).toMatch(/^llmroute: /)
  })

  it('takes an empty system prompt for none', async () => {
    expect(await place.cli(['ask', 'hi', '--system', '', '--sandbox', '--dry-run'])).toMatchObject({ code: 0, err: '' })
  })

  it('names an id that is empty', async () => {
    const asked = ['--db', join(place.folder, 'asked.db')]
    await place.cli(['ask', 'hi', '--sandbox', ...asked])
    expect((await place.cli(['log', '', ...asked])).err).toBe(
      "llmroute: There is no call '' in the ledger. List the calls with `llmroute log`.\n",
    )
  })

  it('shows where an error came from only with --verbose', async () => {
    const { err } = await place.cli(['log', '--since', 'yesterday', '--verbose', '--db', join(place.folder, 'none.db')])
    expect(err).toMatch(/\n {4}at /)
  })

  it('gives programs an empty list for an empty ledger, and says so by the exit code', async () => {
    expect(await place.cli(['log', '--json', '--db', join(place.folder, 'none.db')])).toMatchObject({ code: 3, out: '[]\n' })
  })

  it('says what to do with a damaged ledger', async () => {
    const db = join(place.folder, 'damaged.db')
    await place.cli(['ask', 'hi', '--sandbox', '--db', db])
    const bytes = readFileSync(db)
    writeFileSync(db, bytes.fill(0x5a, 4096))
    for (const command of [['log'], ['ledger', 'verify']]) {
      const { code, err } = await place.cli([...command, '--db', db])
      expect(code).toBe(1)
      expect(err).toContain(`the ledger ${db} is damaged`)
      expect(err).toContain('.recover')
    }
  })

  it('says the same where the damage is met only while reading', async () => {
    const db = join(place.folder, 'half-damaged.db')
    await place.cli(['ask', 'hi', '--sandbox', '--db', db])
    const file = new Database(db, { readonly: true })
    const root = file.prepare("SELECT rootpage FROM sqlite_master WHERE name = 'call'").pluck().get() as number
    const size = file.pragma('page_size', { simple: true }) as number
    file.close()
    writeFileSync(db, readFileSync(db).fill(0x5a, (root - 1) * size, root * size))
    for (const command of [['log'], ['train'], ['monitor', '--snapshot'], ['monitor', '--json']])
      expect(await place.cli([...command, '--db', db])).toMatchObject({
        code: 1,
        err: expect.stringContaining(`the ledger ${db} is damaged. Move`),
      })
  })

  it('names the path, what was found and what was expected in an invalid configuration', async () => {
    const file = join(place.folder, 'bad.json')
    writeFileSync(file, JSON.stringify({ server: { port: 'high' } }))
    const ran = await place.cli(['config', 'check', '--config', file])
    expect(ran.code).toBe(2)
    expect(ran.err).toMatch(/server\.port.*'?high'?.*expected/)
  })

  it('names the variables to set when no provider can be used', async () => {
    const file = join(place.folder, 'keyless.json')
    writeFileSync(file, JSON.stringify({ providers: { openai: {} } }))
    const ran = await place.cli(['models', '--config', file])
    expect(ran.code).toBe(2)
    expect(ran.err).toMatch(/OPENAI_API_KEY/)
  })
})

describe('colours', () => {
  const models = (env: Record<string, string>, tty: boolean): Promise<{ out: string }> => place.cli(['models'], { env, tty })

  it('come on a terminal, go with NO_COLOR, stay off in a pipe unless forced', async () => {
    expect((await models({ TERM: 'xterm-256color' }, true)).out).toContain('\u001b[')
    expect((await models({ TERM: 'xterm-256color', NO_COLOR: '1' }, true)).out).not.toContain('\u001b[')
    expect((await models({}, false)).out).not.toContain('\u001b[')
    expect((await models({ FORCE_COLOR: '1' }, false)).out).toContain('\u001b[')
    expect((await models({ TERM: 'dumb' }, true)).out).not.toContain('\u001b[')
  })
})

describe('completion', () => {
  /** What may stand in place of the last word, as the script of a shell is told. */
  const told = async (words: readonly string[], shell = 'bash', file?: string): Promise<readonly string[]> => {
    const config = file === undefined ? [] : ['--config', file]
    return (await place.cli(['completion', shell, ...config, '--', ...words])).out.trimEnd().split('\n')
  }

  it.each(['bash', 'zsh', 'fish'])('has a script for %s', async (shell) => {
    const { out } = await runCli(['completion', shell])
    expect(JSON.parse((await runCli(['completion', shell, '--json'])).out)).toEqual({ shell, script: out })
    expect(out).toContain(`llmroute completion ${shell} -- `)
  })

  it('knows every command, its options and what they take', async () => {
    expect(await told([''])).toEqual(expect.arrayContaining([...COMMANDS.map(({ name }) => name), 'top', 'help', '--config', '--help']))
    expect(await told(['expl'])).toEqual(['explain'])
    expect(await told(['help', 'expl'])).toEqual(['explain'])
    expect(await told(['config', 'ch'])).toEqual(['check', '@file'])
    expect(await told(['config', 'check', 'pa'])).toEqual(['@file'])
    expect(await told(['ask', '--dry'])).toEqual(['--dry-run', '@file'])
    expect(await told(['report', '--by', 'pro'])).toEqual(['profile'])
    expect(await told(['simulate', '--preset', 'eco'])).toEqual(['economy'])
    expect(await told(['connect', 'claude'])).toEqual(['claude-code', '@file'])
    expect(await told(['keys', 'create', '--bud'])).toEqual(['--budget', '@file'])
    expect(await told(['top', '--snap'])).toEqual(['--snapshot', '@file'])
    expect(await told(['--db', 'x.db', 'expl'])).toEqual(['explain'])
    expect(await told(['log', '--task', 'ma'])).toEqual(['math'])
    expect(await told(['report', '--html', ''])).toEqual(['@file'])
    expect(await told(['train', '--out'])).toEqual(['--output', '@file'])
    expect(await told(['report', '--since', ''])).toEqual([''])
    expect(await told(['expl'], 'fish')).toEqual(['explain\tshow why a model was chosen'])
  })

  it('gives the models and profiles there are', async () => {
    const file = join(place.folder, 'own.json')
    writeFileSync(file, JSON.stringify({ sandbox: true, profiles: { mine: { extends: 'code' } } }))
    expect(await told(['ask', '-m', ''], 'bash', file)).toEqual(expect.arrayContaining(['auto', 'sandbox/tiny', 'auto:mine']))
    expect(await told(['ask', '-m', 'auto:mi'], 'zsh', file)).toEqual(['auto\\:mine'])
    expect(await told(['ask', '--profile', ''], 'bash', file)).toEqual(expect.arrayContaining(['balanced', 'code', 'mine']))
  })

  it('asks no secret manager for a key', async () => {
    const [file, asked] = [join(place.folder, 'secret.json'), join(place.folder, 'asked')]
    const command = [process.execPath, '-e', `require('node:fs').writeFileSync(${JSON.stringify(asked)}, ''); console.log('key')`]
    const lab = { wire: 'openai-chat', baseURL: 'http://127.0.0.1:9/v1', apiKey: { command } }
    writeFileSync(file, JSON.stringify({ providers: { lab }, models: ['lab/m1'] }))
    expect(await told(['ask', '-m', 'lab'], 'bash', file)).toEqual(['lab/m1'])
    expect(existsSync(asked)).toBe(false)
  })

  it('in bash takes a word with colons for one, and completes names of files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'llmroute-completion-'))
    return runCli(['completion', 'bash']).then(({ out }) => {
      writeFileSync(join(folder, 'script'), out)
      const complete = (words: readonly string[], answer: readonly string[]): readonly string[] =>
        execFileSync(
          'bash',
          [
            '-c',
            `llmroute() { echo "$*" > asked; cat answer; }; source ./script; COMP_WORDBREAKS=$' :='; COMP_WORDS=(llmroute ${words.join(' ')}); COMP_CWORD=${words.length}; printf '%s\n' '${answer.join("' '")}' > answer; _llmroute; cat asked; printf '%s\n' "\${COMPREPLY[@]}"`,
          ],
          { cwd: folder, encoding: 'utf8' },
        )
          .trim()
          .split('\n')
      expect(complete(['expl'], ['explain'])).toEqual(['completion bash -- expl', 'explain'])
      expect(complete(['ask', '-m', 'lab'], ['lab/m1', 'lab/m2'])).toEqual(['completion bash -- ask -m lab', 'lab/m1', 'lab/m2'])
      // As bash itself cuts words at colons, and replaces only what stands after the last one.
      expect(complete(['ask', '-m', 'auto', ':', 'co'], ['auto:code'])).toEqual(['completion bash -- ask -m auto:co', 'code'])
      expect(complete(['ask', '-m', 'auto', ':'], ['auto:code'])).toEqual(['completion bash -- ask -m auto:', 'code'])
      expect(complete(['ask', '-m', 'own/qwen', ':', '8'], ['own/qwen:8b'])).toEqual(['completion bash -- ask -m own/qwen:8', '8b'])
      expect(complete(['ask', '-m', 'own'], ['own/qwen:8b'])).toEqual(['completion bash -- ask -m own', 'own/qwen:8b'])
      mkdirSync(join(folder, 'own/qwen1'), { recursive: true })
      expect(complete(['ask', '-m', 'own'], ['own/qwen[1m]'])).toEqual(['completion bash -- ask -m own', 'own/qwen[1m]'])
      writeFileSync(join(folder, 'my page.html'), '')
      expect(complete(['report', '--html', 'my'], ['@file'])).toEqual(['completion bash -- report --html my', 'my page.html'])
      expect(complete(['config', 'ch'], ['check', '@file'])).toEqual(['completion bash -- config ch', 'check'])
      expect(complete(['report', '--since', '""'], [])).toHaveLength(1)
      rmSync(folder, { recursive: true })
    })
  })
})

describe('analyze', () => {
  it('takes no prompt that is no text', async () => {
    const { code, err } = await place.cli(['analyze'], { stdin: '\u0089PNG\0\0' })
    expect([code, err]).toEqual([2, 'llmroute: What was piped in is not text. An image or a PDF goes with `llmroute ask --file`.\n'])
  })

  it('reads prompts and request bodies of every format, a line each, and always writes JSON Lines', async () => {
    const lines = [
      { id: 'a', prompt: 'hi' },
      { id: 2, request: { model: 'auto', messages: [{ role: 'user', content: 'hi' }] } },
      { id: 'c', request: { model: 'auto', input: 'hi' } },
      { id: 'd', request: { model: 'auto', max_tokens: 9, system: 'be brief', messages: [{ role: 'user', content: 'hi' }] } },
      { id: 'e', request: { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] } },
    ]
    const stdin = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`
    for (const flags of [[], ['--json']]) {
      const { code, out, err } = await place.cli(['analyze', '--jsonl', '-', ...flags], { stdin })
      expect({ code, err }).toEqual({ code: 0, err: '' })
      const rows = out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
      expect(rows.map(({ id }) => id)).toEqual(['a', 2, 'c', 'd', 'e'])
      for (const row of rows) expect(row).toMatchObject({ task: 'chat', complexity: 'simple', needs: [] })
    }
  })

  it('goes on after a line that cannot be read, and fails at the end', async () => {
    const { code, out, err } = await place.cli(['analyze', '--jsonl', '-'], {
      stdin: '{"id":1,"prompt":"hi"}\nnonsense\n{"id":3}\n{"id":4,"prompt":"hi"}\n',
    })
    expect(code).toBe(1)
    expect(out.trim().split('\n')).toHaveLength(2)
    expect(err).toMatch(/line 2 is skipped.*\n.*line 3 is skipped.*\n.*2 of 4 lines/)
  })

  it('describes one prompt for people and for programs', async () => {
    expect((await place.cli(['analyze', 'Prove that there are infinitely many primes.'])).out).toMatch(/Task +math/)
    const analysis = JSON.parse((await place.cli(['analyze', '--json'], { stdin: 'hi' })).out) as Record<string, unknown>
    expect(Object.keys(analysis).slice(0, 8)).toEqual([
      'id',
      'task',
      'complexity',
      'difficulty',
      'gain',
      'confidence',
      'needs',
      'inputTokens',
    ])
  })
})

describe('configuration', () => {
  it('is shown with its secrets hidden', async () => {
    const file = join(place.folder, 'secret.json')
    writeFileSync(
      file,
      JSON.stringify({
        server: { key: 'sk-mine' },
        providers: {
          lab: { wire: 'openai-chat', baseURL: 'http://127.0.0.1:9/v1', apiKey: 'sk-lab', headers: { 'x-team': 'hush' } },
          openai: { apiKey: 'env:MY_KEY' },
        },
        models: ['lab/m1'],
      }),
    )
    for (const flags of [[], ['--json']]) {
      const { out } = await place.cli(['config', 'show', '--config', file, ...flags])
      expect(out).not.toMatch(/sk-mine|sk-lab|hush/)
      expect(out).toContain('env:MY_KEY')
    }
    expect((await place.cli(['config', 'path', '--config', file])).out.trim()).toBe(file)
  })
})

describe('what a person gets wrong', () => {
  it.each([
    ['report', '--since', 'nonsense'],
    ['export', '--since', 'nonsense'],
    ['log', '--since', 'nonsense'],
  ])('is wrong usage, also where the ledger is empty: %s %s %s', async (...args) => {
    const { code, out, err } = await place.cli(args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(/^llmroute: 'nonsense' is no time for --since\. Give a duration .*\.\n$/)
  })

  it.each([
    [['--preset', 'nope'], /'nope' is no preset\. Presets are economy, balanced, quality, fast/],
    [['--weights', 'foo'], /'foo' is no weight\. Write them as /],
    [['--weights', 'cost=1,floor=2'], /'floor=2' is no weight\. Write them as /],
    [['--weights', 'cost=1,cost=2'], /'cost=2' is a second value of one weight\. Write them as /],
    [['--weights', 'cost=Infinity'], /'cost=Infinity' is no weight\. Write them as /],
  ])('is wrong usage of simulate too: %j', async (args, said) => {
    const { code, err } = await place.cli(['simulate', ...args, '--db', join(place.folder, 'none.db')])
    expect(code).toBe(2)
    expect(err).toMatch(said)
  })

  it.each(['ask', 'ask --dry-run'])(
    'a profile or model that does not exist is wrong usage and named with what there is: %s',
    async (command) => {
      const words = command.split(' ')
      const profile = await place.cli([...words, '--sandbox', '--profile', 'qualty', 'hi'])
      expect(profile).toMatchObject({ code: 2, out: '' })
      expect(profile.err).toMatch(/no profile "qualty"\. Did you mean "quality"\? Profiles are economy, balanced, quality, fast, /)
      const model = await place.cli([...words, '--sandbox', '--model', 'sandbox/lage', 'hi'])
      expect(model).toMatchObject({ code: 2, out: '' })
      expect(model.err).toMatch(/Did you mean "sandbox\/large"/)
    },
  )

  it('a file that cannot be written is named, with what to look at', async () => {
    await place.cli(['ask', '--sandbox', 'hi'])
    const file = join(place.folder, 'nowhere', 'page.html')
    for (const command of ['report', 'simulate --preset economy'])
      expect(await place.cli([...command.split(' '), '--html', file])).toMatchObject({
        code: 2,
        err: `llmroute: The page cannot be written to ${file} (ENOENT). Give a file in a folder that exists and is yours.\n`,
      })
    expect(await place.cli(['export', '--output', file])).toMatchObject({
      code: 1,
      err: `llmroute: ${file} cannot be opened (ENOENT). Check that its folder exists and that you can read and write in it.\n`,
    })
  })

  it.each([
    [['keys', 'lst'], 'llmroute keys --help'],
    [['srve'], 'llmroute --help'],
    [['--db', 'x.db', 'log', '--limt', '3'], 'llmroute log --help'],
  ])('points at the help of the command that is meant: %j', async (args, help) => {
    const { code, err } = await runCli(args)
    expect(code).toBe(2)
    expect(err).toContain(`Did you mean`)
    expect(err.trimEnd().endsWith(`See \`${help}\`.`)).toBe(true)
  })

  it('a program that asks whether a daemon runs is told in JSON', async () => {
    const { code, out } = await place.cli(['status', '--json'])
    expect({ code, answer: JSON.parse(out) }).toEqual({ code: 3, answer: { running: false } })
  })
})
