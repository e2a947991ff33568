import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { installUnit, passedOn, type RunCommand, type ServiceSpec, uninstallUnit, unitFor } from '../../src/setup/index.js'
import { newPlace } from '../cli/run-cli.js'
import { testMachine } from './machine.js'

const SECRET = 'sk-proj-never-in-a-unit-0123456789'

function spec(home: string, more: Partial<ServiceSpec> = {}): ServiceSpec {
  return {
    node: '/opt/node 20/bin/node',
    program: '/opt/llmroute/bin/llmroute',
    options: ['--db', '/data/100%/a "b" $c.db'],
    env: { PATH: '/usr/bin:/bin' },
    log: '/data/100%/ledger.db.daemon.log',
    home,
    uid: 1000,
    ...more,
  }
}

/** Remembers what was run; fails what the test says. */
function recorder(failing: RegExp = /$^/): RunCommand & { readonly ran: string[] } {
  const ran: string[] = []
  const run: RunCommand = async (command) => {
    const line = command.join(' ')
    ran.push(line)
    return failing.test(line) ? 'Failed to connect to bus' : null
  }
  return Object.assign(run, { ran })
}

describe('a unit', () => {
  it('of systemd runs absolute paths, quoted as systemd reads them, and is not restarted for a bad configuration', () => {
    const { path, content } = unitFor('linux', spec('/home/me'))
    expect(path).toBe('/home/me/.config/systemd/user/llmroute.service')
    expect(content).toContain(
      'ExecStart="/opt/node 20/bin/node" "/opt/llmroute/bin/llmroute" "serve" "--db" "/data/100%%/a \\"b\\" $$c.db"\n',
    )
    expect(content).toContain('Environment="PATH=/usr/bin:/bin"\n')
    expect(content).toContain('StandardOutput=truncate:/data/100%%/ledger.db.daemon.log\n')
    expect(content).toMatch(/^Restart=on-failure$[\s\S]*^RestartPreventExitStatus=2$/m)
  })

  it('of launchd is a property list with every word apart, and has the daemon itself say that it is not to be restarted', () => {
    const { path, content, start, stop } = unitFor('darwin', spec('/Users/me', { options: ['--db', '/a&b<c>.db'] }))
    expect(path).toBe('/Users/me/Library/LaunchAgents/dev.llmroute.daemon.plist')
    expect(content).toContain('<string>/opt/node 20/bin/node</string>')
    expect(content).toContain('<string>/a&amp;b&lt;c&gt;.db</string>')
    expect(content).toMatch(/<string>serve<\/string>\s*<string>--as-service<\/string>/)
    expect(content).toMatch(/<key>KeepAlive<\/key>\s*<dict>\s*<key>SuccessfulExit<\/key>\s*<false\/>/)
    expect(content).toMatch(/<key>ThrottleInterval<\/key>\s*<integer>10<\/integer>/)
    expect([...start, ...stop].map((command) => command.join(' '))).toEqual([
      `launchctl bootstrap gui/1000 ${path}`,
      'launchctl bootout gui/1000/dev.llmroute.daemon',
    ])
  })

  it('of Windows begins with the session, shows no window and runs what starts a crashed daemon again', () => {
    const unit = unitFor(
      'win32',
      spec('C:\\Users\\me', {
        node: 'C:\\Program Files\\nodejs\\node.exe',
        program: 'C:\\llmroute\\bin\\llmroute',
        options: ['--db', 'D:\\l.db'],
      }),
    )
    expect(unit.encoding).toBe('utf16le')
    expect(unit.content).toContain(
      '<Arguments>--headless &quot;C:\\Program Files\\nodejs\\node.exe&quot; &quot;C:\\llmroute\\bin\\llmroute&quot; &quot;service&quot; &quot;run&quot; &quot;--db&quot; &quot;D:\\l.db&quot;</Arguments>',
    )
    expect(unit.content).toMatch(/<LogonTrigger>[\s\S]*<RestartOnFailure>/)
    // unsignedByte in the scheduler's schema.
    expect(Number(/<Count>(\d+)<\/Count>/.exec(unit.content)?.[1])).toBeLessThan(256)
  })

  it('is refused where there are no services', () => {
    expect(() => unitFor('aix', spec('/'))).toThrow(expect.objectContaining({ code: 'E_USAGE', hint: expect.stringContaining('--detach') }))
  })

  it.each(['linux', 'darwin', 'win32'] as const)('never holds a key (%s)', (platform) => {
    const machine = testMachine({
      OPENAI_API_KEY: SECRET,
      HTTPS_PROXY: `http://me:${SECRET}@proxy.example:3128`,
      HTTP_PROXY: 'http://proxy.example:3128',
      PATH: '/usr/bin',
    })
    const env = passedOn(machine)
    expect(env).toMatchObject({ PATH: '/usr/bin', HTTP_PROXY: 'http://proxy.example:3128', LLMROUTE_CONFIG_DIR: machine.configFolder })
    expect(unitFor(platform, spec(machine.home, { env })).content).not.toContain(SECRET)
  })
})

describe('installing', () => {
  it('writes the unit for its owner, starts it, and takes it out again', async () => {
    const machine = testMachine()
    const unit = unitFor('linux', spec(machine.home))
    const run = recorder()
    await installUnit(unit, run)
    expect(readFileSync(unit.path, 'utf8')).toBe(unit.content)
    expect(statSync(unit.path).mode & 0o777).toBe(0o600)
    expect(await uninstallUnit(unit, run)).toBe(true)
    expect(existsSync(unit.path)).toBe(false)
    expect(await uninstallUnit(unit, run)).toBe(false)
    expect(run.ran).toEqual([
      'systemctl --user daemon-reload',
      'systemctl --user enable --now llmroute.service',
      'systemctl --user disable --now llmroute.service',
      'systemctl --user daemon-reload',
    ])
  })

  it('leaves nothing behind when the system refuses', async () => {
    const unit = unitFor('linux', spec(testMachine().home))
    await expect(installUnit(unit, recorder(/enable/))).rejects.toMatchObject({
      code: 'E_UNAVAILABLE',
      message: expect.stringContaining('Failed to connect to bus') as string,
      hint: expect.stringContaining('--detach') as string,
    })
    expect(existsSync(unit.path)).toBe(false)
  })
})

describe('llmroute service', () => {
  it('shows with --dry-run what it would do, and does nothing', async () => {
    const place = newPlace()
    const env = { HOME: place.folder, PATH: '/usr/bin', OPENAI_API_KEY: SECRET }
    const { code, out } = await place.cli(['service', 'install', '--dry-run'], { env })
    expect(code).toBe(0)
    expect(out).toContain(process.execPath)
    expect(out).toContain(place.db)
    expect(out).not.toContain(SECRET)
    expect(existsSync(join(place.folder, '.config'))).toBe(false)
    expect(JSON.parse((await place.cli(['service', 'uninstall', '--dry-run', '--json'], { env })).out)).toMatchObject({ content: null })
    const missing = await place.cli(['service', 'uninstall'], { env })
    expect(missing).toMatchObject({ code: 3, err: expect.stringContaining('No service is installed') as string })
    place.remove()
  })
})
