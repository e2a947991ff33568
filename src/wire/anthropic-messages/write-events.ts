import { type EventOf, mergeUsage, NO_USAGE, type Usage } from '../../canonical/index.js'
import type { EventWriter, ReplyContext } from '../codec.js'
import { answerId } from '../replies.js'
import { faultBody } from './fault.js'
import { writeStopReason } from './stop-reason.js'
import { writeUsage } from './usage.js'
import { blockWriter, encode } from './write-blocks.js'

/** Events as the client's stream. */
export function eventWriter(context: ReplyContext): EventWriter {
  const blocks = blockWriter()
  let started = false
  let done = false
  let usage: Usage = NO_USAGE
  let finish: EventOf<'finish'> | undefined

  /** Prompt tokens are said at the start, before other vendors name them: an estimate then, put right at the end. */
  const start = (): string => {
    if (started) return ''
    started = true
    const message = { id: answerId('msg_', context.id), type: 'message', role: 'assistant', model: context.model, content: [] }
    const opening = writeUsage(usage, context, 0)
    return encode({ type: 'message_start', message: { ...message, stop_reason: null, stop_sequence: null, usage: opening } })
  }

  const end = (): string => {
    const stop_reason = writeStopReason(finish?.reason ?? 'other', finish?.raw, blocks.kinds)
    const totals = writeUsage(usage, context, blocks.chars())
    const delta = { stop_reason, stop_sequence: finish?.stopSequence ?? null }
    return encode({ type: 'message_delta', delta, usage: totals }) + encode({ type: 'message_stop' })
  }

  return {
    ping: () => (done ? '' : start() + encode({ type: 'ping' })),
    write(event) {
      if (done) return ''
      switch (event.type) {
        case 'start':
          // The provider's own count of the prompt, where it opens with one, is the next event.
          return ''
        case 'block-start':
        case 'delta':
        case 'signature':
        case 'block-end':
          return start() + blocks.write(event)
        case 'finish':
          if (event.choice === 0) finish = event
          return ''
        case 'usage':
          usage = mergeUsage(usage, event.usage)
          return start()
        case 'logprobs':
          return ''
        case 'error':
          done = true
          return encode(faultBody(event.fault))
        case 'end':
          done = true
          return start() + end()
      }
    },
  }
}
