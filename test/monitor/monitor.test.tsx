import { EventEmitter } from 'node:events'
import { type Instance, render } from 'ink'
import { render as renderForTest } from 'ink-testing-library'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { App, type Feed, palette } from '../../src/monitor/index.js'
import { madeUpCall, madeUpFeed, madeUpSnapshot } from './made-up-feed.js'

/** A terminal of a given size; ink-testing-library's own is always 100 columns wide. */
class FakeTerminal extends EventEmitter {
  frame = ''
  constructor(
    public columns: number,
    public rows: number,
  ) {
    super()
  }
  write = (text: string): boolean => {
    this.frame = text
    return true
  }
}

class FakeKeyboard extends EventEmitter {
  isTTY = true
  private pending: string[] = []
  setEncoding(): void {}
  setRawMode(): void {}
  resume(): void {}
  pause(): void {}
  ref(): void {}
  unref(): void {}
  read = (): string | null => this.pending.shift() ?? null
  press(text: string): void {
    this.pending.push(text)
    this.emit('readable')
    this.emit('data', text)
  }
}

/** What takes milliseconds on an idle machine. */
const PATIENCE = { timeout: 10_000 }

interface Shown {
  readonly terminal: FakeTerminal
  readonly app: Instance
  /** Waits until the screen shows that they were taken. */
  press(keys: string): Promise<void>
  send(keys: string): void
  lines(): readonly string[]
}

const open: Instance[] = []
afterEach(() => {
  for (const app of open.splice(0)) app.unmount()
})

const words = (lines: readonly string[]): string => lines.join(' ').replaceAll(/\s+/g, ' ')

async function show(feed: Feed, columns = 80, rows = 24, colours: 0 | 2 = 0): Promise<Shown> {
  const terminal = new FakeTerminal(columns, rows)
  const keyboard = new FakeKeyboard()
  const app = render(<App feed={feed} palette={palette(colours)} />, {
    stdout: terminal as unknown as NodeJS.WriteStream,
    stdin: keyboard as unknown as NodeJS.ReadStream,
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
  })
  open.push(app)
  await vi.waitFor(() => expect(terminal.frame).not.toMatch(/reading the ledger…|^$/), PATIENCE)
  return {
    terminal,
    app,
    lines: () => terminal.frame.split('\n'),
    send: (keys) => keyboard.press(keys),
    async press(keys) {
      const before = terminal.frame
      keyboard.press(keys)
      await vi.waitFor(() => expect(terminal.frame).not.toBe(before), PATIENCE)
    },
  }
}

const busy = madeUpSnapshot([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1].map((n) => madeUpCall(n)))
const DOWN = '\u001b[B'

describe('monitor', () => {
  it('shows live calls with model, cost, latency and reason at 80x24', async () => {
    const { lines } = await show(madeUpFeed(busy))
    const text = lines().join('\n')
    expect(text).toMatch(/llmroute {2}balanced · 2 models/)
    expect(text).toMatch(/today \$0\.0123 .*saved \$0\.0456 79%/)
    expect(text).toMatch(/✓ 12:00:12 openai\/gpt-5-mini .*\$0\.0120 +812 ms simple chat/)
    expect(text).toMatch(/q quit/)
    expect(lines().length).toBeLessThanOrEqual(24)
  })

  it('says what to try when the ledger is idle', async () => {
    const { lines } = await show(madeUpFeed(madeUpSnapshot([], { daemon: null, models: [] })))
    expect(lines().join('\n')).toMatch(/no daemon, reading the ledger/)
    expect(lines().join('\n')).toMatch(/No calls yet\. Try: llmroute ask/)
  })

  it.each([16, 20, 33, 40, 59, 60, 80, 100, 110, 120, 200, 300])('never draws beyond %i columns, nor the last row', async (columns) => {
    for (const rows of [5, 10, 24, 60]) {
      const { lines, app } = await show(madeUpFeed(busy), columns, rows)
      for (const line of lines()) expect([...line].length, line).toBeLessThanOrEqual(columns)
      expect(lines().length, `${columns}x${rows}`).toBeLessThanOrEqual(Math.max(1, rows - 1))
      app.unmount()
    }
  })

  it('draws whole frames under ink-testing-library, at its own 100 columns', async () => {
    const { frames, lastFrame, stdin, unmount } = renderForTest(<App feed={madeUpFeed(busy)} palette={palette(0)} />)
    await vi.waitFor(() => expect(lastFrame()).toMatch(/✓ 12:00:12 openai\/gpt-5-mini/), PATIENCE)
    await vi.waitFor(() => {
      stdin.write('?')
      expect(lastFrame()).toMatch(/what if: turn the weights/)
    }, PATIENCE)
    for (const frame of frames) for (const line of frame.split('\n')) expect([...line].length).toBeLessThanOrEqual(100)
    unmount()
  })

  it('shows panes beside the table on a wide screen: spend by model, trend and sessions with cache warmth', async () => {
    const { lines } = await show(madeUpFeed(busy), 140, 40)
    const text = lines().join('\n')
    expect(text).toMatch(/spend by model this month/)
    expect(text).toMatch(/claude-sonnet-4\.5 +█+ +\$0\.008000 +80%/)
    expect(text).toMatch(/▁▁▃▄▅▆▇█|▁▂▃▄▅▆▇█/)
    expect(text).toMatch(/opencode s1 +7 .*80%/)
  })

  it('shows a light per model by its breaker', async () => {
    const { lines } = await show(madeUpFeed(busy), 140, 40)
    expect(lines()[2]).toMatch(/●○/)
    // And which model it is that rests.
    expect(lines().join('\n')).toMatch(/○ (?:anthropic\/)?claude-sonnet-4\.5 +█/)
    expect(lines().join('\n')).toMatch(/● (?:openai\/)?gpt-5-mini +█/)
  })

  it('updates as calls come in, and stands still while paused', async () => {
    const feed = madeUpFeed(madeUpSnapshot([madeUpCall(1, { status: 'running', latencyMs: null, costNano: null })]))
    const { lines, press } = await show(feed)
    expect(lines().join('\n')).toMatch(/◌ 12:00:01/)
    feed.show(madeUpSnapshot([madeUpCall(2), madeUpCall(1)]))
    await vi.waitFor(() => expect(lines().join('\n')).toMatch(/✓ 12:00:02/), PATIENCE)
    await press('p')
    feed.show(madeUpSnapshot([madeUpCall(3), madeUpCall(2), madeUpCall(1)], { callsPerMinute: 77 }))
    await vi.waitFor(() => expect(lines().join('\n')).toMatch(/77\/min/), PATIENCE)
    expect(lines().join('\n')).toMatch(/PAUSED/)
    expect(lines().join('\n')).not.toMatch(/12:00:03/)
    await press('p')
    await vi.waitFor(() => expect(lines().join('\n')).toMatch(/12:00:03/), PATIENCE)
  })

  it.each([20, 40, 80])('shows the whole of help and of what-if at %i columns', async (columns) => {
    const { lines, press } = await show(madeUpFeed(busy), columns, 40)
    await press('?')
    await vi.waitFor(
      () => expect(words(lines())).toMatch(/why that model was chosen .* see the last 24 hours decided again .* quit/),
      PATIENCE,
    )
    await press('\u001b')
    await press('w')
    await vi.waitFor(
      () => expect(words(lines())).toMatch(/What if the last 24 hours .* would have gone to another model .* tab next dial/),
      PATIENCE,
    )
  })

  it('explains the selected call and comes back', async () => {
    const { lines, press } = await show(madeUpFeed(busy))
    await press(DOWN)
    await press(DOWN)
    await press('\r')
    await vi.waitFor(() => expect(lines().join('\n')).toMatch(/why 01CALL0011/), PATIENCE)
    await press('\u001b')
    await vi.waitFor(() => expect(lines().join('\n')).toMatch(/12:00:12/), PATIENCE)
  })

  it('takes keys that were pressed faster than they were read', async () => {
    const { lines, press } = await show(madeUpFeed(busy))
    await press('jjj\r')
    await vi.waitFor(() => expect(lines().join('\n')).toMatch(/why 01CALL0010/), PATIENCE)
  })

  it('takes keys that are held down, which arrive together', async () => {
    const { lines, press } = await show(madeUpFeed(busy))
    await press('/')
    await press('abc👋')
    await press('\u007f\u007f\u007f')
    await vi.waitFor(() => expect(lines().at(-1)).toMatch(/\/a█/), PATIENCE)
    await press('\u001b')
    await press('w')
    await vi.waitFor(() => expect(lines().join('\n')).toMatch(/100 calls, 35 would have gone/), PATIENCE)
    await press('++\t\t--')
    await vi.waitFor(() => expect(words(lines())).toMatch(/cost [^ ]+ 0\.45 .*latency [^ ]+ 0\.10/), PATIENCE)
  })

  it('filters by words and sorts', async () => {
    const { lines, press } = await show(madeUpFeed(busy))
    await press('/')
    await vi.waitFor(() => expect(lines().at(-1)).toMatch(/\/█/))
    await press('sonnet agent')
    await vi.waitFor(() => expect(lines().at(-1)).toMatch(/\/sonnet agent█/))
    await press('\r')
    const calls = (): readonly string[] => lines().filter((line) => line.startsWith('✓'))
    await vi.waitFor(() => expect(calls().every((line) => line.includes('claude-sonnet'))).toBe(true))
    expect(calls()[0]).toMatch(/12:00:11/)
    await press('\u001b')
    await press('s')
    await vi.waitFor(() => expect(lines().at(-1)).toMatch(/by dearest/))
    expect(calls()[0]).toMatch(/\$0\.0120/)
  })

  it('turns the weights and shows the last day decided again', async () => {
    const { lines, press } = await show(madeUpFeed(busy))
    await press('w')
    await vi.waitFor(() => expect(lines().join('\n')).toMatch(/100 calls, 35 would have gone/), PATIENCE)
    await press('\u001b[C')
    await press('\u001b[C')
    await vi.waitFor(() => expect(lines().join('\n')).toMatch(/100 calls, 45 would have gone/), PATIENCE)
    expect(lines().join('\n')).toMatch(/cost .* 0\.45/)
    expect(lines().join('\n')).toMatch(/\(\$0\.5000 to \$1\.000\)/)
  })

  it('helps', async () => {
    const { lines, press } = await show(madeUpFeed(busy))
    await press('?')
    await vi.waitFor(() => expect(lines().join('\n')).toMatch(/filter by any word/), PATIENCE)
  })

  it('quits on q and on ctrl-c', async () => {
    for (const key of ['q', '\u0003', 'jj\u0003']) {
      const { app, send } = await show(madeUpFeed(busy))
      const ended = app.waitUntilExit()
      send(key)
      await ended
    }
  })

  it('ends with the reason when the ledger cannot be read any more', async () => {
    const feed = madeUpFeed(busy)
    const { app } = await show(feed)
    const ended = app.waitUntilExit()
    Object.assign(feed, {
      read: () => {
        throw new Error('the ledger is gone')
      },
    })
    await expect(ended).rejects.toThrow('the ledger is gone')
  })

  it('carries every meaning without colour too', async () => {
    const plain = await show(madeUpFeed(busy))
    const coloured = await show(madeUpFeed(busy), 80, 24, 2)
    expect(plain.terminal.frame).not.toContain('\u001b[')
    expect(coloured.terminal.frame).toContain('\u001b[38;5;')
  })
})
