import { describe, expect, it } from 'vitest'
import type { Accepts } from '../../../src/canonical/index.js'
import { anthropicMessages } from '../../../src/wire/anthropic-messages/index.js'
import { spliceBody } from '../../../src/wire/index.js'
import { clientBodies } from '../client-bodies.js'
import { targetOf } from '../targets.js'

type Json = Record<string, unknown>

/** What the upstream gets of a body that is relayed to another model of the format. */
function relay(body: Json, accepts: Partial<Accepts> = {}, rest: Parameters<typeof targetOf>[2] = {}) {
  const splices = anthropicMessages.relaySplices(body, targetOf(String(body.model), accepts, rest))
  const sent = JSON.parse(spliceBody(Buffer.from(JSON.stringify(body)), body, splices).toString()) as Json
  return { sent, splices }
}

const ASK = { model: 'm', max_tokens: 8000, messages: [{ role: 'user', content: 'hi' }] }
const LOOP = [
  { role: 'user', content: 'go' },
  {
    role: 'assistant',
    content: [
      { type: 'thinking', thinking: 'hm', signature: 'c2ln' },
      { type: 'redacted_thinking', data: 'ZGF0YQ' },
      { type: 'tool_use', id: 'toolu_1', name: 'run', input: {} },
    ],
  },
  { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'ran' }] },
]

describe('a body relayed in its own format', () => {
  it.each(clientBodies('anthropic-messages').map((c) => [c.name, c.body] as const))(
    'of %s changes in nothing but the model',
    (_name, body) => {
      const bytes = Buffer.from(JSON.stringify(body))
      expect(anthropicMessages.relaySplices(body, targetOf(String(body.model)))).toEqual([])
      const splices = anthropicMessages.relaySplices(body, targetOf('another-model'))
      expect(splices).toEqual([{ kind: 'model', value: 'another-model' }])
      expect(spliceBody(bytes, body, splices).toString()).toBe(
        bytes.toString().replace(`"model":"${String(body.model)}"`, '"model":"another-model"'),
      )
    },
  )

  it('keeps what nothing is known against', () => {
    const body = {
      ...ASK,
      temperature: 0,
      top_k: 1,
      thinking: { type: 'enabled', budget_tokens: 2000 },
      output_config: { effort: 'newest' },
    }
    expect(relay(body, { thinking: 'none', efforts: [] }).splices).toEqual([])
  })

  it('loses the parameters that the model refuses', () => {
    const body = { ...ASK, temperature: 0, top_p: 1, top_k: 1, stop_sequences: ['x'] }
    const { sent, splices } = relay(body, { refuses: ['temperature', 'top_p', 'top_k', 'stop'] })
    expect(sent).toEqual(ASK)
    expect(splices.map((splice) => splice.kind)).toEqual(['drop', 'drop', 'drop', 'drop'])
  })

  it('is clamped, its thinking budget with it', () => {
    const thinking = { type: 'enabled', budget_tokens: 6000 }
    expect(relay({ ...ASK, thinking }, {}, { clampOutput: 4000 }).sent).toMatchObject({
      max_tokens: 4000,
      thinking: { type: 'enabled', budget_tokens: 3999 },
    })
    expect(relay({ ...ASK, thinking }, {}, { clampOutput: 500 }).sent).toEqual({ ...ASK, max_tokens: 500 })
  })

  it('asks no more than the model writes: agents ask for what their own model could', () => {
    const thinking = { type: 'enabled', budget_tokens: 100_000 }
    expect(relay({ ...ASK, max_tokens: 128_000, thinking }, { maxOutput: 64_000 })).toMatchObject({
      sent: { ...ASK, max_tokens: 64_000, thinking: { type: 'enabled', budget_tokens: 63_999 } },
      splices: [{ kind: 'limit', field: 'max_tokens', value: 64_000 }, { kind: 'set' }],
    })
    expect(relay(ASK, { maxOutput: 64_000 }).splices).toEqual([])
  })

  it('tells a model of another generation how to think in its own words', () => {
    const adaptive = { ...ASK, thinking: { type: 'adaptive' }, output_config: { effort: 'high' } }
    expect(relay(adaptive, { thinking: 'budget', efforts: [] }).sent).toEqual({
      ...ASK,
      thinking: { type: 'enabled', budget_tokens: 6400 },
    })
    const enabled = { ...ASK, thinking: { type: 'enabled', budget_tokens: 6000, display: 'summarized' } }
    const refuses = { refuses: ['thinking_budget'] } as const
    expect(relay(enabled, { ...refuses, thinking: 'adaptive' }).sent).toEqual({
      ...ASK,
      thinking: { type: 'adaptive', display: 'summarized' },
      output_config: { effort: 'low' },
    })
    expect(relay(enabled, { ...refuses, thinking: 'none' }).sent).toEqual(ASK)
  })

  it('loses top_p beside temperature where the model takes but one of them', () => {
    const both = { ...ASK, temperature: 0.5, top_p: 0.9 }
    expect(relay(both, { refuses: ['top_p_beside_temperature'] }).sent).toEqual({ ...ASK, temperature: 0.5 })
    expect(relay({ ...ASK, top_p: 0.9 }, { refuses: ['top_p_beside_temperature'] }).splices).toEqual([])
    expect(relay(both).splices).toEqual([])
  })

  it('does not turn adaptive thinking into a budget in an open tool loop without reasoning, as Claude Code leaves it', () => {
    const call = { type: 'tool_use', id: 'toolu_1', name: 'run', input: {} }
    const messages = [LOOP[0]!, { role: 'assistant', content: [call] }, LOOP[2]!]
    expect(relay({ ...ASK, messages, thinking: { type: 'adaptive' } }, { thinking: 'budget' }).sent).toEqual({ ...ASK, messages })
    const enabled = { ...ASK, messages, thinking: { type: 'enabled', budget_tokens: 2000 } }
    expect(relay(enabled, { thinking: 'budget' }).sent).toEqual(enabled)
    expect(relay(enabled, { thinking: 'budget' }, { keepsReasoning: false }).sent).toEqual({ ...ASK, messages })
  })

  it('tells each model in its own word not to think, as Claude Code does where it wants a title', () => {
    const [off, between] = [{ type: 'disabled' }, { type: 'between_tools' }]
    const efforts = ['low', 'medium', 'high', 'xhigh', 'max'] as const
    const effort = (level: string) => ({ output_config: { effort: level } })
    expect(relay({ ...ASK, thinking: off }, { efforts }).splices).toEqual([])
    expect(relay({ ...ASK, thinking: between }, { efforts, thinkingOff: 'disabled' }).sent).toEqual({ ...ASK, thinking: off })
    expect(relay({ ...ASK, thinking: off }, { efforts, thinkingOff: 'between_tools' }).sent).toEqual({ ...ASK, thinking: between })
    for (const thinking of [off, between]) {
      expect(relay({ ...ASK, thinking }, { efforts, thinkingOff: null }).sent).toEqual({ ...ASK, ...effort('low') })
      expect(relay({ ...ASK, thinking, ...effort('high') }, { efforts, thinkingOff: null }).sent).toEqual({ ...ASK, ...effort('high') })
    }
    const most = { ...ASK, thinking: off, ...effort('max') }
    expect(relay(most, { efforts }).splices).toEqual([])
    expect(relay(most, { efforts, refuses: ['xhigh_without_thinking'] }).sent).toEqual({ ...most, ...effort('high') })
  })

  it('drops edits of the context that need thinking together with it', () => {
    const edits = [{ type: 'clear_thinking_20251015', keep: 'all' }]
    const body = { ...ASK, thinking: { type: 'adaptive' }, context_management: { edits } }
    expect(relay(body, { thinking: 'none', refuses: ['thinking_budget'] }).sent).toEqual(ASK)
  })

  it('says the nearest effort the model knows', () => {
    expect(relay({ ...ASK, output_config: { effort: 'max' } }, { efforts: ['low', 'medium', 'high'] }).sent.output_config).toEqual({
      effort: 'high',
    })
  })

  it('cannot force a tool where the model refuses it, and says that this matters', () => {
    const body = { ...ASK, tool_choice: { type: 'tool', name: 'run', disable_parallel_tool_use: true } }
    const { sent, splices } = relay(body, { refuses: ['forced_tool_choice'] })
    expect(sent.tool_choice).toEqual({ type: 'auto', disable_parallel_tool_use: true })
    expect(splices).toMatchObject([{ kind: 'set', matters: true }])
  })

  it('speaks as the user where the model takes no system messages in mid-conversation, and drops a prefilled answer', () => {
    const messages = [
      { role: 'user', content: 'a' },
      { role: 'system', content: 'b', output_config: { effort: 'low' } },
      { role: 'assistant', content: 'c' },
    ]
    const { sent, splices } = relay({ ...ASK, messages }, { refuses: ['mid_conversation_system', 'prefill'] })
    expect(sent.messages).toEqual([messages[0], { role: 'user', content: 'b' }])
    expect(splices.at(-1)).toMatchObject({ kind: 'drop', field: 'messages.2', matters: true })
  })
})

describe('signed reasoning', () => {
  it('stays byte for byte with the model that made it', () => {
    expect(relay({ ...ASK, messages: LOOP }).splices).toEqual([])
  })

  it('is dropped for another model, and with it a budget in the open tool loop', () => {
    const body = { ...ASK, messages: LOOP, thinking: { type: 'enabled', budget_tokens: 2000 } }
    const { sent, splices } = relay(body, {}, { keepsReasoning: false })
    expect(JSON.stringify(sent)).not.toMatch(/thinking|c2ln|ZGF0YQ/)
    expect(splices.map((splice) => splice.kind)).toEqual(['drop-all', 'drop'])
  })

  it('takes a turn with it that held nothing else', () => {
    const messages = [LOOP[0]!, { role: 'assistant', content: [{ type: 'thinking', thinking: 'hm', signature: 'c2ln' }] }, LOOP[0]!]
    expect(relay({ ...ASK, messages }, {}, { keepsReasoning: false }).sent.messages).toEqual([LOOP[0], LOOP[0]])
  })

  it('that nobody signed, as a model of another vendor leaves it, is dropped for all', () => {
    const unsigned = { type: 'thinking', thinking: 'hm', signature: '' }
    const messages = [LOOP[0]!, { role: 'assistant', content: [unsigned, { type: 'text', text: 'ok' }] }, LOOP[0]!]
    expect(relay({ ...ASK, messages }).sent.messages).toMatchObject([{}, { content: [{ type: 'text', text: 'ok' }] }, {}])
  })
})

describe('text that another model left in a turn of the assistant', () => {
  const said = (text: string) => ({ type: 'text', text })
  const run = { type: 'tool_use', id: 'toolu_1', name: 'run', input: {} }
  const unsigned = { type: 'thinking', thinking: 'hm', signature: '' }
  const mark = { cache_control: { type: 'ephemeral' } }
  const LEFT = [
    ['blank before a call', [said('\n\n'), run], [run]],
    ['empty beside words', [said(''), said('Hi.'), run], [said('Hi.'), run]],
    ['blank beside words, which the vendor takes', [said('Hi.'), said('\n'), run], [said('Hi.'), said('\n'), run]],
    ['after calls', [unsigned, run, said('Reading.'), said('Soon.')], [said('Reading.\n\nSoon.'), run]],
    ['after calls, marked for the cache', [run, { ...said('Soon.'), ...mark }], [{ ...said('Soon.'), ...mark }, run]],
  ] as const

  it.each(LEFT)('%s', (_name, content, expected) => {
    const messages = [{ role: 'user', content: 'go' }, { role: 'assistant', content }, ...LOOP.slice(2)]
    expect((relay({ ...ASK, messages }).sent.messages as Json[])[1]).toEqual({ role: 'assistant', content: expected })
  })

  it.each([[[said(' ')]], [[unsigned, said('\n')]], [[]], ['']])('takes the turn with it where it is all that was said: %j', (content) => {
    const messages = [
      { role: 'user', content: 'go' },
      { role: 'assistant', content },
      { role: 'user', content: 'well?' },
    ]
    expect((relay({ ...ASK, messages }).sent.messages as Json[]).map(({ role }) => role)).toEqual(['user', 'user'])
  })
})

describe('calls of other models', () => {
  const called = (id: string) => ({ role: 'assistant', content: [{ type: 'tool_use', id, name: 'run', input: {} }] })
  const ran = (id: string) => ({ role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: 'ran' }] })
  const user = { role: 'user', content: 'go' }

  it('get ids that the vendor takes, each once, and their results with them', () => {
    const turn = [called('functions.run:0'), ran('functions.run:0')]
    const { sent } = relay({ ...ASK, messages: [user, ...turn, ...turn, called('toolu_1'), ran('toolu_1')] })
    const again = [called('functions_run_0_2'), ran('functions_run_0_2')]
    expect(sent.messages).toEqual([user, called('functions_run_0'), ran('functions_run_0'), ...again, called('toolu_1'), ran('toolu_1')])
  })

  it('that share an id in one turn keep a result each', () => {
    const both = (of: typeof called | typeof ran, ids: readonly string[]) => ({
      role: of('').role,
      content: ids.flatMap((id) => of(id).content as Json[]),
    })
    const { sent } = relay({ ...ASK, messages: [user, both(called, ['c', 'c']), both(ran, ['c', 'c']), called('c'), ran('c')] })
    const two = ['c', 'c_2']
    expect(sent.messages).toEqual([user, both(called, two), both(ran, two), called('c_3'), ran('c_3')])
  })

  it('rule a budget out in a tool loop that they began and the model went on with, not in one where all calls may be its own', () => {
    const messages = [user, called('call_1'), ran('call_1'), called('toolu_1'), ran('toolu_1')]
    const body = { ...ASK, messages, thinking: { type: 'enabled', budget_tokens: 2000 } }
    expect(relay(body, { thinking: 'budget' }).sent.thinking).toBeUndefined()
    const own = { ...body, messages: messages.slice(0, 3) }
    expect(relay(own, { thinking: 'budget' }).sent.thinking).toEqual(body.thinking)
    const after = { ...body, messages: [...messages, called('toolu_2'), { role: 'user', content: 'thanks' }] }
    expect(relay(after, { thinking: 'budget' }).sent.thinking).toEqual(body.thinking)
  })
})
