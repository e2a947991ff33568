import { describe, expect, it } from 'vitest'
import type { Message, Request } from '../../src/canonical/index.js'
import { readTurn } from '../../src/classify/index.js'
import { ask } from './read-fixture.js'

const user = (...texts: string[]): Message => ({ role: 'user', parts: texts.map((text) => ({ type: 'text', text })) })
const agent = (...messages: Message[]): Request => ({ ...ask(''), messages, tools: [{ type: 'function', name: 'bash' }] })
const SYSTEM: Message = { role: 'system', parts: [{ type: 'text', text: 'You are a coding agent.' }] }

describe('what the person typed', () => {
  it.each([
    [
      "Claude Code's reminders",
      agent(user('<system-reminder>\nToday is Monday.\n</system-reminder>', '<system-reminder>x</system-reminder>\n', 'hi')),
    ],
    ['a reminder after the text', agent(user('hi\n<system-reminder>be brief</system-reminder>'))],
    ["Codex's environment", agent(user('<environment_context>\n  <cwd>/w</cwd>\n</environment_context>'), user('hi'))],
    ['instruction files', agent(user('# AGENTS.md instructions for /w\n\nUse tabs.'), user('hi'))],
    ["Cline's task", agent(user('<task>\nhi\n</task>', '<environment_details>\n# VSCode files\n</environment_details>'))],
    ["Cursor's query", agent(user('<additional_data>files</additional_data>\n<user_query>\nhi\n</user_query>'))],
    ["Copilot's date", agent(user('<current_datetime>2026-01-01T00:00:00Z</current_datetime>\n\nhi'))],
    ["Gemini CLI's context", agent(user('This is the Gemini CLI. We are setting up the context for our chat.'), user('hi'))],
    [
      'tools that answered since',
      agent(user('hi'), { role: 'tool', parts: [{ type: 'tool-result', callId: '1', parts: [{ type: 'text', text: 'hello' }] }] }),
    ],
    [
      'results in a user message',
      agent(user('hi'), { role: 'user', parts: [{ type: 'tool-result', callId: '1', parts: [{ type: 'text', text: 'hello' }] }] }),
    ],
    ['an instruction in mid-conversation', agent(user('hi'), { role: 'system', parts: [{ type: 'text', text: 'The date has changed.' }] })],
    ['instructions without tools', { ...ask(''), messages: [SYSTEM, user('a long context the client adds', 'hi')] }],
  ])('is found beside %s', (_name, request) => {
    expect(readTurn(request).text).toBe('hi')
  })

  it('is all of a plain message with several parts', () => {
    expect(readTurn({ ...ask(''), messages: [user('Here is my poem.', 'Is it good?')] }).text).toBe('Here is my poem.\nIs it good?')
  })

  it('is nothing when nobody typed', () => {
    expect(readTurn(agent(SYSTEM))).toEqual({ text: '', index: -1 })
  })

  it('keeps tags that are no harness', () => {
    expect(readTurn(agent(user('why does <b>this</b> not render? a < b and <i>c'))).text).toBe(
      'why does <b>this</b> not render? a < b and <i>c',
    )
  })

  it('reads a page of markup in no time', () => {
    const page = '<div><span>x</span></div>'.repeat(20_000)
    expect(readTurn(agent(user(`${page}\nwhat is this?`))).text).toContain('what is this?')
  })
})
