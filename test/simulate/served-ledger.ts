import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '../../src/config/index.js'
import type { Inbound, Outlet } from '../../src/route/index.js'
import { buildRuntime } from '../../src/server/index.js'

export interface Conversation {
  readonly session: string
  readonly profile?: string
  /** What the person says, turn by turn; answers are appended as they come. */
  readonly turns: readonly string[]
}

/** A new ledger in a folder of its own, filled by really serving conversations from the sandbox; returns its path. */
export async function servedLedger(conversations: readonly Conversation[]): Promise<{ readonly path: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'llmroute-simulate-'))
  const path = join(folder, 'ledger.db')
  const loaded = await loadConfig({ cwd: folder, env: {}, overrides: { sandbox: true } })
  const runtime = await buildRuntime(loaded, { db: path, env: {}, appVersion: 'test' })
  await Promise.all(
    conversations.map(async ({ session, profile, turns }) => {
      const messages: { role: string; content: string }[] = [{ role: 'system', content: 'You help with a small shop. '.repeat(60) }]
      for (const content of turns) {
        messages.push({ role: 'user', content })
        const body = JSON.stringify({ model: profile === undefined ? 'auto' : `auto:${profile}`, messages })
        const reply = await ask((inbound, outlet) => runtime.router.handle(inbound, outlet), body, session)
        messages.push({ role: 'assistant', content: reply })
      }
    }),
  )
  await runtime.close()
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Sends one chat completion and returns the words of its answer. */
export async function ask(
  handle: (inbound: Inbound, outlet: Outlet) => Promise<void>,
  body: string,
  session: string,
  arrived = performance.now(),
): Promise<string> {
  let text = ''
  const outlet: Outlet = {
    head: () => {},
    write: (chunk) => {
      text += Buffer.from(chunk).toString()
      return true
    },
    end: (chunk) => {
      if (chunk !== undefined) text += Buffer.from(chunk).toString()
    },
    onDrain: () => {},
    onGone: () => {},
  }
  const headers = { 'content-type': 'application/json', 'x-llmroute-session': session }
  await handle({ format: 'openai-chat', action: 'generate', headers, body: Buffer.from(body), arrived }, outlet)
  const reply = JSON.parse(text) as { choices?: readonly { message: { content: string } }[]; error?: { message: string } }
  const content = reply.choices?.[0]?.message.content
  if (content === undefined) throw new Error(`no answer: ${text}`)
  return content
}
