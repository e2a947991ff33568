import { expect, it } from 'vitest'
import { spliceBody } from '../../../src/wire/index.js'
import { openaiChat } from '../../../src/wire/openai-chat/index.js'
import { targetOf } from '../targets.js'

/** vLLM from 0.20 on drops `reasoning_content`, which agents send back and interleaved thinking needs. */
it('gives earlier reasoning under the name that the server reads, to the model that it is of', () => {
  const said = { role: 'assistant', content: 'Hi.', reasoning_content: 'A greeting.' }
  const user = { role: 'user', content: 'hi' }
  const sent = (keepsReasoning: boolean, more: object = {}): unknown => {
    const body = { model: 'm', messages: [user, { ...said, ...more }, user] }
    const target = targetOf('m', { needs: ['tools'], developerRole: false, reasoningField: 'reasoning' }, { keepsReasoning })
    const bytes = spliceBody(Buffer.from(JSON.stringify(body)), body, openaiChat.relaySplices(body, target))
    const relayed = JSON.parse(bytes.toString()) as typeof body
    expect(openaiChat.writeRequest(openaiChat.readRequest(body, { headers: {} }), target).body.messages).toEqual(relayed.messages)
    return relayed.messages[1]
  }
  expect(sent(true)).toEqual({ ...said, reasoning: said.reasoning_content })
  expect(sent(true, { reasoning: null })).toEqual({ ...said, reasoning: said.reasoning_content })
  expect(sent(false)).toEqual({ role: 'assistant', content: 'Hi.' })
})
