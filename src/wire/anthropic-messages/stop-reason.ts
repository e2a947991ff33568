import type { StopReason } from '../../canonical/index.js'

const READ: Readonly<Record<string, StopReason>> = {
  end_turn: 'stop',
  max_tokens: 'length',
  stop_sequence: 'stop-sequence',
  tool_use: 'tool-calls',
  pause_turn: 'pause',
  refusal: 'refusal',
  model_context_window_exceeded: 'length',
}

export function readStopReason(raw: string): StopReason {
  return READ[raw] ?? 'other'
}

/**
 * The provider's own word when it is one of this format's, else the nearest. A turn with calls says so, whatever a server
 * reported, and so does a refusal, which OpenAI's formats tell from an answer by its part alone.
 */
export function writeStopReason(reason: StopReason, raw: string | undefined, kinds: ReadonlySet<string>): string {
  if (raw !== undefined && READ[raw] === reason) return raw
  switch (reason) {
    case 'stop':
    case 'error':
    case 'other':
      return kinds.has('tool-call') ? 'tool_use' : kinds.has('refusal') ? 'refusal' : 'end_turn'
    case 'length':
      return 'max_tokens'
    case 'tool-calls':
      return 'tool_use'
    case 'refusal':
    case 'content-filter':
      return 'refusal'
    case 'stop-sequence':
      return 'stop_sequence'
    case 'pause':
      return 'pause_turn'
    default:
      return reason satisfies never
  }
}
