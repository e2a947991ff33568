import { describe, expect, it } from 'vitest'
import type { Request } from '../../../src/canonical/index.js'
import { anthropicMessages } from '../../../src/wire/anthropic-messages/index.js'
import { spliceBody, type Target } from '../../../src/wire/index.js'
import { openaiChat } from '../../../src/wire/openai-chat/index.js'
import { targetOf } from '../targets.js'

type Json = Record<string, unknown>

const KIMI = targetOf('kimi-k2.6', { refuses: ['missing_reasoning', 'forced_tool_choice'] })
const call = { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }
const user = { role: 'user', content: 'hi' }
const result = { role: 'tool', tool_call_id: 'call_1', content: 'x' }

const relayed = (body: Json, target: Target): Json =>
  JSON.parse(spliceBody(Buffer.from(JSON.stringify(body)), body, openaiChat.relaySplices(body, target)).toString()) as Json

/** DeepSeek and Kimi: `thinking is enabled but reasoning_content is missing in assistant tool call message at index 1`. */
describe('a model that wants reasoning in every message of its history', () => {
  it('keeps its own, and is given an empty one where a client or another model left none', () => {
    const said = [user, { role: 'assistant', content: null, reasoning_content: 'I call f.', tool_calls: [call] }, result]
    const lost = [user, { role: 'assistant', content: null, tool_calls: [call] }, result]
    expect(relayed({ model: 'm', messages: said }, KIMI).messages).toEqual(said)
    expect(relayed({ model: 'm', messages: lost }, KIMI).messages).toEqual([user, { ...lost[1], reasoning_content: '' }, result])
    const spelled = [user, { role: 'assistant', content: 'x', reasoning: 'I say x.' }, user]
    expect(relayed({ model: 'm', messages: spelled }, KIMI).messages).toEqual(spelled)
  })

  it('is shown an empty one in place of another model’s', () => {
    const foreign = targetOf('kimi-k2.6', { needs: ['tools'], refuses: ['missing_reasoning'] }, { keepsReasoning: false })
    const messages = [user, { role: 'assistant', content: null, reasoning_content: 'I call f.', tool_calls: [call] }, result]
    expect(relayed({ model: 'm', messages }, foreign).messages).toEqual([user, { ...messages[1], reasoning_content: '' }, result])
  })

  it('is written the same for a client of another format', () => {
    const body = {
      model: 'm',
      max_tokens: 9,
      messages: [
        user,
        { role: 'assistant', content: [{ type: 'tool_use', id: 'call_1', name: 'f', input: {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: 'x' }] },
      ],
    }
    const request: Request = anthropicMessages.readRequest(body, { headers: {} })
    const written = openaiChat.writeRequest(request, KIMI).body.messages as Json[]
    expect(written[1]).toMatchObject({ role: 'assistant', reasoning_content: '', tool_calls: [{ id: 'call_1' }] })
  })

  it('is forced to call a tool only where the client has switched its thinking off', () => {
    const body = { model: 'm', messages: [user], tool_choice: 'required' }
    expect(relayed(body, KIMI).tool_choice).toBe('auto')
    expect(relayed({ ...body, thinking: { type: 'disabled' } }, KIMI).tool_choice).toBe('required')
  })
})
