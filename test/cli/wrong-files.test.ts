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

  it.each([
    ['utf16.json', Buffer.from('\uFEFF{"sandbox":true}', 'utf16le')],
    ['utf16.yaml', Buffer.from('\uFEFFsandbox: true\n', 'utf16le')],
    ['utf16.ts', Buffer.from('\uFEFFexport default { sandbox: true }\n', 'utf16le')],
    ['binary.json', Buffer.from([0x1b, 0x5b, 0x33, 0x31, 0x6d, 0, 0xff, 0x9b])],
  ])('%s is refused as no text in UTF-8, without its bytes in the message', async (name, bytes) => {
    writeFileSync(at(name), bytes)
    const { code, err } = await check(name)
    expect(code).toBe(2)
    expect(err).toBe(`llmroute: ${at(name)} is no text in UTF-8. Save it as UTF-8 and run \`llmroute config check\`.\n`)
  })

  it('a folder is called one', async () => {
    mkdirSync(at('folder.json'))
    expect((await check('folder.json')).err).toMatch(/folder\.json is a folder\. Give the path of/)
  })
})
