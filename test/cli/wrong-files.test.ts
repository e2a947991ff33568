import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newPlace, type Place } from './run-cli.js'

let place: Place
const at = (name: string): string => join(place.folder, name)
beforeAll(() => {
  place = newPlace()
  mkdirSync(at('folder'))
  writeFileSync(at('nothing'), '')
  writeFileSync(at('words'), 'no database at all '.repeat(400))
})
afterAll(() => place.remove())

describe('a path of a ledger that is something else', () => {
  it.each([[['log']], [['prune', '--older-than', '90d']], [['feedback', 'last', 'good']]])(
    'a folder is refused by %j in one sentence, and nothing is left beside it',
    async (args) => {
      const { code, out, err } = await place.cli([...args, '--db', at('folder')])
      expect([code, out]).toEqual([1, ''])
      expect(err).toMatch(/folder is a folder, not a ledger\. Give the path of a ledger.* with --db\.\n$/)
      expect(readdirSync(place.folder).filter((name) => name.startsWith('folder'))).toEqual(['folder'])
    },
  )

  it.each([[['log']], [['report']], [['simulate']], [['explain', 'last']]])('a file of no bytes holds no calls to %j', async (args) => {
    const { code, err } = await place.cli([...args, '--db', at('nothing')])
    expect(code).toBe(3)
    expect(err).toContain('there is no ledger at')
  })

  it('whoever asks beside a folder is told that the call is not recorded in it', async () => {
    const { code, err } = await place.cli(['ask', '--sandbox', 'hi', '--db', at('folder')])
    expect(code).toBe(0)
    expect(err).toMatch(/^This is not in the ledger yet: .*folder is a folder, not a ledger; \d+ records wait in .*\.\n$/)
  })

  it('a file of another kind keeps its rights, and whoever asks is told the same', async () => {
    chmodSync(at('words'), 0o644)
    const before = statSync(at('words')).mode
    const { code, out, err } = await place.cli(['ask', '--sandbox', 'hi', '--db', at('words')])
    expect(code).toBe(0)
    expect(out).not.toBe('')
    expect(err).toMatch(
      /^This is not in the ledger yet: the ledger .*words is damaged, or a file of another kind; \d+ records wait in .*\.\n$/,
    )
    expect(statSync(at('words')).mode).toBe(before)
  })
})

describe('a configuration that is something else', () => {
  const check = (name: string) => place.cli(['config', 'check', '--config', at(name)])

  it('is read with a byte order mark and lines of Windows', async () => {
    writeFileSync(at('marked.json'), '\uFEFF{\r\n"sandbox": true\r\n}\r\n')
    expect(await check('marked.json')).toMatchObject({ code: 0, err: '' })
  })

  it('is told of in JSON too', async () => {
    writeFileSync(at('wrong.json'), '{ "sandbox": true, "default": "qualty" }')
    const { code, out, err } = await place.cli(['config', 'check', '--config', at('wrong.json'), '--json'])
    expect(code).toBe(2)
    expect(JSON.parse(out)).toMatchObject({ valid: false, error: expect.stringContaining("default: found 'qualty'") })
    expect(err).toContain("default: found 'qualty'")
  })

  it.each([
    ['utf16.json', Buffer.from('\uFEFF{"sandbox":true}', 'utf16le')],
    ['utf16.yaml', Buffer.from('\uFEFFsandbox: true\n', 'utf16le')],
    ['utf16.ts', Buffer.from('\uFEFFexport default { sandbox: true }\n', 'utf16le')],
    ['binary.json', Buffer.from([0x1b, 0x5b, 0x33, 0x31, 0x6d, 0, 0xff, 0x9b])],
  ])('%s is refused as no text in UTF-8, without its bytes in the message', async (name, bytes) => {
    writeFileSync(at(name), bytes)
    const { code, err } = await check(name)
    expect(code).toBe(2)
    expect(err).toBe(`llmroute: ${at(name)} is not UTF-8 text. Save it as UTF-8 and run \`llmroute config check\`.\n`)
  })

  it('a folder is called one', async () => {
    mkdirSync(at('folder.json'))
    expect((await check('folder.json')).err).toMatch(/folder\.json is a folder\. Give the path of/)
  })
})

describe('lines in a file that is something else', () => {
  const line = (fields: object): string => `${JSON.stringify({ id: 'a', prompt: 'Name three primes.', ...fields })}\r\n`

  it('are read behind a byte order mark', async () => {
    writeFileSync(at('marked.jsonl'), `\uFEFF${line({ time: '2026-11-02T12:00:00Z', model: 'openai/gpt-5-mini' })}`)
    const analyzed = await place.cli(['analyze', '--jsonl', at('marked.jsonl')])
    expect([analyzed.code, analyzed.err, JSON.parse(analyzed.out)]).toEqual([0, '', expect.objectContaining({ id: 'a' })])
    const imported = await place.cli(['import', 'jsonl', at('marked.jsonl'), '--db', at('imported.db'), '--json'])
    expect([imported.code, imported.err]).toEqual([0, ''])
    expect(JSON.parse(imported.out)).toMatchObject({ imported: 1 })
    writeFileSync(at('labels.jsonl'), `\uFEFF${line({ models: { 'a/b': { score: 1 } } })}`)
    expect((await place.cli(['train', at('labels.jsonl'), '--dry-run'])).err).not.toContain('no labelled row')
  })

  it('are named without what would change the terminal', async () => {
    writeFileSync(at('colours.jsonl'), '\u001b[31m\u001b]0;title\u0007 {\n\u009b2J\n')
    for (const args of [['analyze', '--jsonl'], ['import', 'jsonl'], ['train']]) {
      const { code, err } = await place.cli([...args, at('colours.jsonl')])
      expect(code).not.toBe(0)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
      expect(err).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
    }
  })

  it('are no batch when they are not text', async () => {
    writeFileSync(at('utf16.jsonl'), Buffer.from(`\uFEFF${line({})}`, 'utf16le'))
    const { code, err } = await place.cli(['batch', 'submit', at('utf16.jsonl')])
    expect([code, err]).toEqual([2, expect.stringContaining('line 1: this is not UTF-8 text')])
  })
})

it('a variable that is set to nothing names no configuration', async () => {
  expect(await place.cli(['config', 'path'], { env: { LLMROUTE_CONFIG: '' } })).toMatchObject({
    err: expect.not.stringContaining('is a folder'),
  })
  expect(await place.cli(['ask', '--sandbox', 'hi'], { env: { LLMROUTE_CONFIG: '' } })).toMatchObject({ code: 0, err: '' })
})
