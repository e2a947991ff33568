import { type Choice, type Event, NO_USAGE, type Reply } from '../canonical/index.js'
import { encodeSse, Fault } from '../kit/index.js'
import { type Codec, codecFor, type ReplyContext } from '../wire/index.js'

const chat = codecFor('openai-chat')

/** `/v1/completions`: its prompt becomes a user message, and the answer's text comes back in the old shape. */
export const legacyCompletions: Codec = {
  ...chat,
  readRequest(value, context) {
    const { prompt, echo: _e, best_of: _b, suffix, logprobs: _l, ...rest } = value as Readonly<Record<string, unknown>>
    const text = typeof prompt === 'string' ? prompt : Array.isArray(prompt) && prompt.length === 1 ? prompt[0] : null
    if (typeof text !== 'string') {
      throw new Fault('E_BAD_REQUEST', 'prompt must be one string', {
        param: 'prompt',
        hint: 'Send several prompts as several requests.',
        final: true,
      })
    }
    if (typeof suffix === 'string' && suffix !== '') {
      throw new Fault('E_BAD_REQUEST', 'suffix is not supported: chat models cannot fill in the middle', { param: 'suffix', final: true })
    }
    return chat.readRequest({ ...rest, messages: [{ role: 'user', content: text }] }, context)
  },
  relayable: () => false,
  writeReply: (reply, context) => ({
    ...head(context),
    choices: reply.choices.map((choice, index) => writeChoice(textOf(choice), index, finishOf(choice.finish))),
    ...usageOf(reply, context),
  }),
  eventWriter(context) {
    const chunk = (text: string, choice: number, finish: string | null): string =>
      encodeSse(JSON.stringify({ ...head(context), choices: [writeChoice(text, choice, finish)] }))
    const choiceOf = new Map<number, number>()
    let usage: Event & { type: 'usage' } = { type: 'usage', usage: NO_USAGE }
    return {
      write(event) {
        switch (event.type) {
          case 'block-start':
            if (event.block.kind === 'text') choiceOf.set(event.index, event.choice)
            return ''
          case 'delta': {
            const choice = choiceOf.get(event.index)
            return choice === undefined ? '' : chunk(event.text, choice, null)
          }
          case 'finish':
            return chunk('', event.choice, finishOf(event.reason))
          case 'usage':
            usage = event
            return ''
          case 'error':
            return chat.writeStreamFault(event.fault)
          case 'end': {
            const last = usageOf({ choices: [], usage: usage.usage }, context)
            const counted = context.streamUsage ? encodeSse(JSON.stringify({ ...head(context), choices: [], ...last })) : ''
            return `${counted}${encodeSse('[DONE]')}`
          }
          default:
            return ''
        }
      },
    }
  },
}

function head({ id, created, model }: ReplyContext): Readonly<Record<string, unknown>> {
  return { id: `cmpl-${id}`, object: 'text_completion', created, model }
}

function writeChoice(text: string, index: number, finish: string | null): Readonly<Record<string, unknown>> {
  return { text, index, logprobs: null, finish_reason: finish }
}

function textOf(choice: Choice): string {
  return choice.parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
}

function finishOf(reason: Choice['finish']): string {
  return reason === 'length' ? 'length' : reason === 'content-filter' || reason === 'refusal' ? 'content_filter' : 'stop'
}

function usageOf(reply: Reply, context: ReplyContext): Readonly<Record<string, unknown>> {
  const { usage } = chat.writeReply(reply, context)
  return usage === undefined ? {} : { usage }
}
