import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { validateConfig } from '../../../src/config/index.js'
import type { Inbound, Outlet, Router } from '../../../src/route/index.js'
import { buildRuntime } from '../../../src/server/index.js'
import { makeTraffic, makeWarmUp, type Session, type WarmUp } from './traffic.js'
import { makeWorld, type VirtualClock, virtualClock } from './world.js'

const START_MS = Date.UTC(2026, 9, 1, 8)

export interface Run {
  readonly db: string
  /** Calls before this time are the warm-up. */
  readonly sinceMs: number
}

export interface Size {
  readonly warmUp: WarmUp
  readonly sessions: number
  readonly calls: number
}

/** The ledger of a world served under one profile: the one in `folder` where there is one, for a run takes far longer than judging it. */
export async function runOf(folder: string, seed: number, profile: string, size: Size): Promise<Run> {
  const own = join(folder, `world-${seed}-${profile}-${size.calls}-calls-${size.sessions}-sessions-after-${size.warmUp}`)
  const [db, done] = [join(own, 'ledger.db'), join(own, 'run.json')]
  if (existsSync(done)) return { db, ...(JSON.parse(readFileSync(done, 'utf8')) as { readonly sinceMs: number }) }
  rmSync(own, { recursive: true, force: true })
  mkdirSync(own, { recursive: true })
  const sinceMs = await runWorld(own, db, seed, profile, size)
  writeFileSync(done, JSON.stringify({ sinceMs }))
  return { db, sinceMs }
}

/** Serves a world's whole traffic under one profile, for real: router, ledger and all; only the provider and the time are made up. Returns when the warm-up was over. */
async function runWorld(folder: string, db: string, seed: number, profile: string, size: Size): Promise<number> {
  const world = makeWorld(seed)
  const clock = virtualClock(START_MS)
  const loaded = { config: validateConfig({ ...world.config, default: profile }, null), path: null, folder }
  const runtime = await buildRuntime(loaded, { db, env: {}, appVersion: 'truth', clock, dispatch: world.dispatch(clock) })
  const models = world.models.map((m) => m.id)
  await serveTraffic(runtime.router, clock, makeWarmUp(size.warmUp, seed, models, START_MS))
  const sinceMs = clock.now() + 3_600_000
  await serveTraffic(runtime.router, clock, makeTraffic(seed, size.sessions, size.calls, sinceMs + 1000))
  await runtime.close()
  return sinceMs
}

interface Message {
  readonly role: string
  readonly content: string
  readonly tool_call_id?: string
  readonly tool_calls?: readonly unknown[]
}

/** Turns of all sessions in order of time; a turn starts when the client has thought about the answer before it. */
async function serveTraffic(router: Router, clock: VirtualClock, sessions: readonly Session[]): Promise<void> {
  const open = sessions.map((session) => ({
    session,
    turn: 0,
    atMs: session.startMs,
    messages: (session.system === '' ? [] : [{ role: 'system', content: session.system }]) as Message[],
  }))
  for (;;) {
    let next: (typeof open)[number] | null = null
    for (const one of open) if (one.turn < one.session.turns.length && (next === null || one.atMs < next.atMs)) next = one
    if (next === null) return
    const { session, messages } = next
    const turn = session.turns[next.turn]
    if (turn === undefined) return
    if (turn.role === 'tool') {
      const id = `call_${next.turn}`
      const said = messages.pop()
      messages.push({
        role: 'assistant',
        content: said?.content ?? '',
        tool_calls: [{ id, type: 'function', function: { name: 'run', arguments: '{"cmd":"ls"}' } }],
      })
      messages.push({ role: 'tool', content: turn.content, tool_call_id: id })
    } else messages.push({ role: 'user', content: turn.content })
    clock.set(next.atMs)
    const tools = session.tools.length > 0 ? { tools: session.tools } : {}
    const content = await ask(router, clock, session.id, { model: session.model, stream: session.stream, ...tools, messages })
    messages.push({ role: 'assistant', content })
    next.turn++
    next.atMs = clock.now() + (session.turns[next.turn]?.afterMs ?? 0)
  }
}

async function ask(router: Router, clock: VirtualClock, session: string, body: unknown): Promise<string> {
  let text = ''
  const add = (chunk: Uint8Array | string): void => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
  }
  const outlet: Outlet = {
    head: () => {},
    write: (chunk) => {
      add(chunk)
      return true
    },
    end: (chunk) => {
      if (chunk !== undefined) add(chunk)
    },
    onDrain: () => {},
    onGone: () => {},
  }
  const headers = { 'content-type': 'application/json', 'x-llmroute-session': session }
  const inbound: Inbound = {
    format: 'openai-chat',
    action: 'generate',
    headers,
    body: Buffer.from(JSON.stringify(body)),
    arrived: clock.monotonic(),
  }
  await router.handle(inbound, outlet)
  if (text.startsWith('data:')) {
    const first = JSON.parse(text.slice(6, text.indexOf('\n'))) as { choices: readonly { delta: { content?: string } }[] }
    return first.choices[0]?.delta.content ?? ''
  }
  const reply = JSON.parse(text) as { choices?: readonly { message: { content: string } }[] }
  const content = reply.choices?.[0]?.message.content
  if (content === undefined) throw new Error(`no answer: ${text.slice(0, 300)}`)
  return content
}
