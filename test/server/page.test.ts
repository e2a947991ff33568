import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Daemon, findDaemon, oneTimeLink } from '../../src/control/index.js'
import { builtProgram } from '../cli/built-program.js'
import { type Browser, findChromium, startChromium, type Tab } from './chromium.js'
import { type SpawnedDaemon, spawnDaemon } from './spawn-daemon.js'

/** The page's script and its report thread are files of the built program, so that is what runs here. */
let daemon: SpawnedDaemon
let folder: string
let own: Daemon

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'llmroute-page-'))
  const ledger = join(folder, 'ledger.db')
  daemon = await spawnDaemon(join(builtProgram(), 'dist'), ledger, { sandbox: true })
  own = (await findDaemon(ledger)) as Daemon
  // Building the program takes long where it is not built yet.
}, 300_000)
afterAll(async () => {
  await daemon?.kill()
  rmSync(folder, { recursive: true, force: true })
})

async function call(content: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const response = await fetch(`${daemon.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'auto', messages: [{ role: 'user', content }], max_tokens: 40 }),
  })
  await response.text()
  return response.headers.get('x-llmroute-call') ?? ''
}

const codeOf = (link: string): string => link.replace(/.*code=/, '')
const sessionOf = (response: Response): string => response.headers.get('set-cookie')?.split(';')[0] ?? ''

describe('the link', () => {
  it('opens the page once, with a cookie that is not the token, for this site alone and out of scripts’ reach', async () => {
    const link = await oneTimeLink(own)
    expect(codeOf(link)).not.toBe(own.token)
    const head = await fetch(link, { method: 'HEAD' })
    expect(head.headers.get('set-cookie')).toBeNull()
    const first = await fetch(link)
    expect(first.status).toBe(200)
    const cookie = first.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^llmroute_\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/)
    expect(cookie).not.toContain(own.token)
    const html = await first.text()
    expect(html).not.toContain(own.token)
    expect(html).not.toContain(codeOf(link))

    const second = await fetch(link)
    expect(second.status).toBe(403)
    expect(await second.text()).toMatch(/used before or is too old.*llmroute open/)
    expect(second.headers.get('set-cookie')).toBeNull()
  })

  it('is not needed to see that the daemon runs, and nothing more is seen without it', async () => {
    const response = await fetch(daemon.url)
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('llmroute is running. `llmroute open` opens its page.\n')
    for (const path of ['/api/live', '/api/report', '/api/explain/x', '/api/calls'])
      expect((await fetch(`${daemon.url}${path}`)).status).toBe(401)
  })
})

describe('an opened page', () => {
  let cookie: string
  const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${daemon.url}${path}`, { headers: { cookie, ...headers } })
  beforeAll(async () => {
    cookie = sessionOf(await fetch(await oneTimeLink(own)))
  })

  it('may read, and nothing else', async () => {
    const id = await call('Name a colour.')
    for (const path of ['/', '/api/live?after=0&running=', '/api/report?days=7', `/api/explain/${id}?as=html`])
      expect((await get(path)).status).toBe(200)
    for (const path of ['/api/stop', '/api/reload', '/api/link', '/api/feedback']) {
      const response = await fetch(`${daemon.url}${path}`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json' },
        body: '{}',
      })
      expect(response.status).toBe(401)
    }
    for (const path of ['/api/status', '/api/calls', '/api/stats', `/api/explain/${id}`, '/api/health'])
      expect((await get(path)).status).toBe(401)
    const [, word = ''] = cookie.split('=')
    expect((await fetch(`${daemon.url}/api/status`, { headers: { authorization: `Bearer ${word}` } })).status).toBe(401)
  })

  it('is given nothing on behalf of other pages, those of other ports of this machine included', async () => {
    for (const site of ['same-site', 'cross-site']) {
      expect((await get('/api/live', { 'sec-fetch-site': site })).status).toBe(401)
      expect(await (await get('/', { 'sec-fetch-site': site })).text()).toMatch(/^llmroute is running/)
    }
    expect((await get('/api/live', { origin: 'http://127.0.0.1:1' })).status).toBe(403)
    const response = await get('/api/live')
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin')
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it('comes with a policy that lets its own script run and nothing else', async () => {
    const policy = (await get('/')).headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; connect-src 'self';/)
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
  })

  it.each(['/api/live?after=x', '/api/live?after=0&running=a', '/api/report?days=-1', '/api/report?days=x'])('refuses %s', async (path) => {
    expect((await get(path)).status).toBe(400)
  })

  it('asks for what is new since it asked last', async () => {
    const id = await call('One more colour.')
    const before = (await (await get('/api/live?after=0&running=')).json()) as { seq: number; rows: { id: string }[] }
    expect(before.rows.at(-1)?.id).toBe(`c-${id}`)
    const after = (await (await get(`/api/live?after=${before.seq}&running=`)).json()) as { rows: unknown[] }
    expect(after.rows).toEqual([])
  })

  it('says so when a call is unknown', async () => {
    expect((await get('/api/explain/none?as=html')).status).toBe(404)
  })
})

const chromium = findChromium()
if (chromium === null) console.warn('No Chromium on this machine: the page is not tried in a browser (apt-get install chromium).')

describe.skipIf(chromium === null)('in Chromium', { timeout: 120_000 }, () => {
  let browser: Browser
  let tab: Tab
  beforeAll(async () => {
    browser = await startChromium(chromium ?? '')
    tab = await browser.newTab()
    await tab.size(1280, 900)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
  })

  it('shows calls as they come, explains one on a click, and draws the report', async () => {
    const first = await call('What is the capital of France?')
    await tab.goto(await oneTimeLink(own))
    await tab.until(`document.getElementById('c-${first}')`)
    expect(await tab.evaluate('location.href')).toBe(`${daemon.url}/`)

    const second = await call('Prove that there are infinitely many primes, step by step.')
    await tab.until(`document.getElementById('c-${second}')?.dataset.status === 'ok'`)
    expect(await tab.evaluate(`document.querySelector('#calls tbody tr').id`)).toBe(`c-${second}`)

    await tab.click(`#c-${second} td:nth-child(3)`)
    await tab.until(`document.querySelector('tr.why')`)
    const why = await tab.evaluate<string>(`document.querySelector('tr.why').innerText`)
    expect(why).toMatch(/Seen[\s\S]+Policy[\s\S]+Reason[\s\S]+Flip/)
    expect(await tab.evaluate(`document.querySelectorAll('tr.why svg.bar').length`)).toBeGreaterThan(0)
    await tab.evaluate(`document.getElementById('c-${second}').focus()`)
    await tab.press('Enter')
    await tab.until(`!document.querySelector('tr.why')`)

    await tab.until(`document.querySelectorAll('#report h2').length > 3`)
    expect(await tab.evaluate(`document.querySelectorAll('#report rect').length`)).toBeGreaterThan(3)
    expect(await tab.evaluate(`document.querySelector('#report').innerText`)).toMatch(/Models[\s\S]+sandbox\//)
  })

  it('filters and pauses', async () => {
    await tab.evaluate(
      `(() => { const f = document.querySelector('#filter'); f.value = 'no such model'; f.dispatchEvent(new Event('input')) })()`,
    )
    expect(await tab.evaluate(`[...document.querySelectorAll('#calls tr[id]')].every((row) => row.hidden)`)).toBe(true)
    await tab.evaluate(`(() => { const f = document.querySelector('#filter'); f.value = ''; f.dispatchEvent(new Event('input')) })()`)
    await tab.click('#pause')
    const unseen = await call('While it is paused.')
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect(await tab.evaluate(`document.getElementById('c-${unseen}')`)).toBeNull()
    await tab.click('#pause')
    await tab.until(`document.getElementById('c-${unseen}')`)
  })

  it('shows other people’s words as words', async () => {
    const session = '<img src=x onerror=alert(1)>'
    for (const content of ['hi', 'hi again']) await call(content, { 'x-llmroute-session': session })
    await tab.evaluate(`(() => { const s = document.querySelector('#span'); s.value = '7'; s.dispatchEvent(new Event('change')) })()`)
    await tab.until(`document.querySelector('#report').innerText.includes(${JSON.stringify(session)})`)
    expect(await tab.evaluate(`document.querySelectorAll('img').length`)).toBe(0)
  })

  it('can be opened again while its session lasts, and runs no script that was put into it', async () => {
    await tab.goto(`${daemon.url}/`)
    await tab.until(`document.querySelector('#calls tbody tr')`)
    expect(tab.complaints).toEqual([])
    expect(tab.requested.every((url) => url.startsWith(`${daemon.url}/`))).toBe(true)
    await tab.evaluate(
      `(() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s) })()`,
    )
    expect(await tab.evaluate('window.ran')).toBeUndefined()
  })

  it('fits a narrow window: the page itself does not scroll sideways', async () => {
    await tab.size(390, 844)
    expect(await tab.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  })

  it('says what to do when the daemon is gone', async () => {
    await daemon.kill()
    await tab.until(`/does not answer/.test(document.querySelector('#state').textContent)`)
  })
})
