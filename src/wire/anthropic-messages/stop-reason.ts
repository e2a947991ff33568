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

const WRITE: Readonly<Record<StopReason, string>> = {
  stop: 'end_turn',
  error: 'end_turn',
  other: 'end_turn',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  refusal: 'refusal',
  'content-filter': 'refusal',
  'stop-sequence': 'stop_sequence',
  pause: 'pause_turn',
}

/**
 * The provider's own word when it is one of this format's, else the nearest. A turn with calls says so, whatever a server
 * reported, and so does a refusal, which OpenAI's formats tell from an answer by its part alone.
 */
export function writeStopReason(reason: StopReason, raw: string | undefined, kinds: ReadonlySet<string>): string {
  if (raw !== undefined && READ[raw] === reason) return raw
  const word = WRITE[reason]
  return word !== 'end_turn' ? word : kinds.has('tool-call') ? 'tool_use' : kinds.has('refusal') ? 'refusal' : word
}
