import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newPlace, type Place, type Ran } from '../cli/run-cli.js'

let place: Place
let home: string
beforeEach(() => {
  place = newPlace()
  home = join(place.folder, 'home')
  mkdirSync(join(home, '.claude'), { recursive: true })
})
afterEach(() => place.remove())

const cli = (...args: string[]): Promise<Ran> => place.cli(args, { env: { HOME: home, PATH: '' } })
const settings = (): string => join(home, '.claude/settings.json')

describe('llmroute connect', () => {
  it('prints exact settings and changes nothing', async () => {
    const { code, out } = await cli('connect', 'claude-code', '--profile', 'code')
    expect(code).toBe(0)
    expect(out).toContain(settings())
    expect(out).toContain('"ANTHROPIC_BASE_URL": "http://127.0.0.1:4141"')
    expect(out).toContain('"ANTHROPIC_MODEL": "auto:code"')
    expect(out).toMatch(/Not routed:/)
    expect(out).toMatch(/No daemon answers at http:\/\/127\.0\.0\.1:4141/)
    await expect(async () => readFileSync(settings())).rejects.toThrow(/ENOENT/)
  })

  it('does not promise to write where it could not', async () => {
    writeFileSync(settings(), '{ broken')
    const { code, out } = await cli('connect', 'claude-code')
    expect(code).toBe(0)
    expect(out).toMatch(/`llmroute connect claude-code --write` cannot make this change as things are: .*settings\.json/)
    expect(out).not.toContain('makes this change for you')
  })

  it('writes after showing the change, lists it, and takes it back', async () => {
    writeFileSync(settings(), '{\n  "theme": "dark"\n}\n')
    const written = await cli('connect', 'claude-code', '--write')
    expect(written.code).toBe(0)
    expect(written.out).toMatch(/\n-? .*"theme": "dark"[\s\S]*\n\+ {3}"env": \{\n[\s\S]*now goes through http:\/\/127\.0\.0\.1:4141/)
    expect(JSON.parse(readFileSync(settings(), 'utf8'))).toMatchObject({ theme: 'dark', env: { ANTHROPIC_AUTH_TOKEN: 'llmroute' } })
    expect((await cli('connect', '--list')).out).toMatch(/claude-code +Claude Code +yes +yes +http:\/\/127\.0\.0\.1:4141 \(connected\)/)
    expect((await cli('connect', 'claude-code', '--write')).out).toMatch(/connected already/)
    expect((await cli('connect', 'claude-code', '--undo')).out).toBe(`As before: ${settings()}\n`)
    expect(readFileSync(settings(), 'utf8')).toBe('{\n  "theme": "dark"\n}\n')
  })

  it('shows what changed since and how to go on', async () => {
    await cli('connect', 'claude-code', '--write')
    writeFileSync(settings(), readFileSync(settings(), 'utf8').replace('{\n', '{\n  "theme": "dark",\n'))
    const refused = await cli('connect', 'claude-code', '--undo')
    expect(refused.code).toBe(1)
    expect(refused.err).toMatch(/\+ {3}"theme": "dark"/)
    expect(refused.err).toMatch(/changed after llmroute wrote to it\. Use --keep .* or --force/)
    expect((await cli('connect', 'claude-code', '--undo', '--keep')).code).toBe(0)
    expect(JSON.parse(readFileSync(settings(), 'utf8'))).toEqual({ theme: 'dark' })
  })

  it('undoes without a valid configuration', async () => {
    await cli('connect', 'claude-code', '--write')
    writeFileSync(join(place.folder, 'router.config.json'), '{"models": 7}')
    expect((await cli('connect', 'claude-code', '--undo')).code).toBe(0)
    expect((await cli('connect', 'claude-code', '--undo')).code).toBe(3)
  })

  it.each([
    [['connect'], /No client is named\..*--list/],
    [['connect', 'claud-code'], /Did you mean 'claude-code'/],
    [['connect', 'codex', '--url', 'localhost'], /'localhost' is no address/],
    [['connect', 'codex', '--profile', 'nope'], /There is no profile 'nope'\. Profiles are economy, balanced, /],
    [['connect', 'windsurf', '--write'], /no settings file that can be written.*by hand/],
    [['connect', 'codex', '--write', '--undo'], /exclude each other/],
  ])('%j is wrong usage', async (args, message) => {
    const { code, out, err } = await cli(...args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(message)
  })

  it('needs the credential where the proxy asks for one, and passes it on', async () => {
    writeFileSync(join(place.folder, 'router.config.json'), JSON.stringify({ server: { key: 'env:PROXY_KEY', port: 5151 } }))
    expect((await cli('connect', 'codex')).err).toMatch(/server\.key.*--key/)
    const { out } = await cli('connect', 'codex', '--key', 'k-1')
    expect(out).toContain('experimental_bearer_token = "k-1"')
    expect(out).toContain('base_url = "http://127.0.0.1:5151/v1"')
    rmSync(join(place.folder, 'router.config.json'))
  })

  it('names what a client asks for by itself', async () => {
    expect((await cli('connect', 'gemini-cli')).out).toMatch(/aliases: \{ 'gemini-2\.5-flash': 'auto'/)
    writeFileSync(
      join(place.folder, 'router.config.json'),
      JSON.stringify({ aliases: { 'gemini-2.5-flash': 'auto', 'gemini-2.5-flash-lite': 'auto' } }),
    )
    expect((await cli('connect', 'gemini-cli')).out).not.toContain('aliases')
  })

  it('prints one document with --json', async () => {
    const { out } = await cli('connect', 'codex', '--json')
    expect(JSON.parse(out)).toMatchObject({
      client: 'codex',
      url: 'http://127.0.0.1:4141',
      model: 'auto',
      running: false,
      files: [{ path: join(home, '.codex/config.toml') }],
    })
    const written = JSON.parse((await cli('connect', 'codex', '--write', '--json')).out) as { written: string[] }
    expect(written.written).toEqual([join(home, '.codex/config.toml')])
    const list = JSON.parse((await cli('connect', '--list', '--json')).out) as { client: string; connectedTo: string | null }[]
    expect(list.find(({ client }) => client === 'codex')).toMatchObject({
      connectedTo: 'http://127.0.0.1:4141',
      pointsAt: 'http://127.0.0.1:4141',
    })
  })
})
