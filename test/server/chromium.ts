import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'undici'

/** Chromium on this machine; null when there is none. LLMROUTE_CHROMIUM names another. */
export function findChromium(): string | null {
  const names = [process.env.LLMROUTE_CHROMIUM, 'chromium', 'chromium-browser', 'google-chrome'].filter((name) => name !== undefined)
  return names.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0) ?? null
}

export interface Tab {
  goto(url: string): Promise<void>
  /** The value of an expression in the page; a promise is waited for. */
  evaluate<T>(expression: string): Promise<T>
  /** Waits until an expression is true. */
  until(expression: string): Promise<void>
  /** Real key strokes and clicks, as a person makes them. */
  click(selector: string): Promise<void>
  press(key: 'Enter' | 'Tab'): Promise<void>
  size(width: number, height: number): Promise<void>
  dark(on: boolean): Promise<void>
  screenshot(file: string): Promise<void>
  /** What the page complained about: exceptions, console errors, violations of its policy. */
  readonly complaints: readonly string[]
  /** Every address that the page asked for. */
  readonly requested: readonly string[]
}

export interface Browser {
  newTab(): Promise<Tab>
  close(): Promise<void>
}

interface Message {
  readonly id?: number
  readonly method?: string
  readonly sessionId?: string
  readonly params?: Record<string, unknown>
  readonly result?: Record<string, unknown>
  readonly error?: { readonly message: string }
}

/** Starts Chromium without a screen and speaks its DevTools protocol. */
export async function startChromium(program: string): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'llmroute-chromium-'))
  const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--disable-extensions']
  const child = spawn(program, [...flags, '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const socket = new WebSocket(await devtoolsAddress(child))
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', () => reject(new Error('no connection to Chromium')))
  })
  let last = 0
  const waiting = new Map<number, { resolve: (result: Record<string, unknown>) => void; reject: (error: Error) => void }>()
  const listeners: ((message: Message) => void)[] = []
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message
    if (message.id === undefined) for (const listener of listeners) listener(message)
    else if (message.error !== undefined) waiting.get(message.id)?.reject(new Error(message.error.message))
    else waiting.get(message.id)?.resolve(message.result ?? {})
  })
  const send = (method: string, params: object = {}, sessionId?: string): Promise<Record<string, unknown>> => {
    const id = ++last
    socket.send(JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) }))
    return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }))
  }
  return {
    newTab: () => newTab(send, listeners),
    async close() {
      // Asked over its socket, it may be gone before it has answered.
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL')
        await once(child, 'exit')
      }
      socket.close()
      // Its other processes outlive it by a moment, and may still write there.
      rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
    },
  }
}

type Send = (method: string, params?: object, sessionId?: string) => Promise<Record<string, unknown>>

async function newTab(send: Send, listeners: ((message: Message) => void)[]): Promise<Tab> {
  const { targetId } = await send('Target.createTarget', { url: 'about:blank' })
  const { sessionId } = (await send('Target.attachToTarget', { targetId, flatten: true })) as { sessionId: string }
  const ask = (method: string, params: object = {}) => send(method, params, sessionId)
  const complaints: string[] = []
  const requested: string[] = []
  let loaded: () => void = () => {}
  listeners.push((message) => {
    if (message.sessionId !== sessionId) return
    const params = message.params as Record<string, never> | undefined
    switch (message.method) {
      case 'Page.loadEventFired':
        return loaded()
      case 'Runtime.exceptionThrown':
      case 'Log.entryAdded':
        complaints.push(JSON.stringify(params))
        return
      case 'Network.requestWillBeSent':
        requested.push((params as unknown as { request: { url: string } }).request.url)
    }
  })
  for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await ask(`${domain}.enable`)

  async function evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = (await ask('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })) as {
      result: { value: T }
      exceptionDetails?: unknown
    }
    if (exceptionDetails !== undefined) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`)
    return result.value
  }
  return {
    complaints,
    requested,
    evaluate,
    async goto(url) {
      const done = new Promise<void>((resolve) => {
        loaded = resolve
      })
      await ask('Page.navigate', { url })
      await done
    },
    async until(expression) {
      for (let i = 0; i < 1200; i++) {
        if (await evaluate<boolean>(`Boolean(${expression})`)) return
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      throw new Error(`never came true: ${expression}; ${complaints.join('; ')}`)
    },
    async click(selector) {
      const at = await evaluate<{ x: number; y: number }>(
        `(() => { const r = document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect(); return { x: r.x + r.width / 2, y: r.y + r.height / 2 } })()`,
      )
      for (const type of ['mousePressed', 'mouseReleased'])
        await ask('Input.dispatchMouseEvent', { type, ...at, button: 'left', clickCount: 1 })
    },
    async press(key) {
      const codes = { Enter: { windowsVirtualKeyCode: 13, text: '\r' }, Tab: { windowsVirtualKeyCode: 9 } }
      await ask('Input.dispatchKeyEvent', { type: 'keyDown', key, code: key, ...codes[key] })
      await ask('Input.dispatchKeyEvent', { type: 'keyUp', key, code: key })
    },
    async size(width, height) {
      await ask('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false })
    },
    async dark(on) {
      await ask('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: on ? 'dark' : 'light' }] })
    },
    async screenshot(file) {
      const { data } = (await ask('Page.captureScreenshot', { format: 'png' })) as { data: string }
      writeFileSync(file, Buffer.from(data, 'base64'))
    },
  }
}

function devtoolsAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const address = /DevTools listening on (ws:\S+)/.exec(said)?.[1]
      if (address !== undefined) resolve(address)
    })
    child.once('exit', (code) => reject(new Error(`Chromium ended with ${code}: ${said}`)))
    child.once('error', reject)
  })
}
