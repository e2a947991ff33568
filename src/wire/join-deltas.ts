import type { SseEvent } from '../kit/index.js'

/** Up to the text of a delta that says nothing else. */
const PIECE =
  /"delta":\s?\{(?:"role":\s?"assistant",\s?|"type":\s?"(?:text|thinking|input_json)_delta",\s?)?"(?:content|reasoning_content|reasoning|text|thinking|partial_json)":\s?"/
/** What each event adds apart from it: another choice's text, or what the tokens of this one were worth. */
const MORE = /"delta"|"logprobs":\s?\{/
/** What may stand inside a JSON string. */
const STRING = /(?:[^"\\\p{Cc}]+|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*/uy

interface Run {
  readonly event: string | undefined
  readonly before: string
  readonly after: string
  text: string
}

/**
 * The same answer in fewer events: successive ones that differ only in the text of their delta are one with all of it. Nearly all events of a
 * stream are such, and to decode the JSON of each takes most of the time that reading a whole stream takes.
 */
export function joinDeltas(events: readonly SseEvent[]): SseEvent[] {
  const out: SseEvent[] = []
  let run: Run | null = null
  const close = (): void => {
    if (run === null) return
    const data = run.before + run.text + run.after
    out.push(run.event === undefined ? { data } : { event: run.event, data })
    run = null
  }
  for (const event of events) {
    if (run !== null && continues(run, event)) continue
    close()
    run = begin(event)
    if (run === null) out.push(event)
  }
  close()
  return out
}

function continues(run: Run, { event, data }: SseEvent): boolean {
  const end = data.length - run.after.length
  // Cut and compared, not asked what they start and end with: that goes character by character.
  if (event !== run.event || data.slice(end) !== run.after || data.slice(0, run.before.length) !== run.before) return false
  if (endOfText(data, run.before.length) !== end) return false
  run.text += data.slice(run.before.length, end)
  return true
}

function begin({ event, data }: SseEvent): Run | null {
  const piece = PIECE.exec(data)
  if (piece === null) return null
  const start = piece.index + piece[0].length
  const end = endOfText(data, start)
  const after = data.slice(end)
  if (!after.startsWith('"}') || MORE.test(after) || MORE.test(data.slice(0, piece.index))) return null
  return { event, before: data.slice(0, start), after, text: data.slice(start, end) }
}

function endOfText(data: string, start: number): number {
  STRING.lastIndex = start
  STRING.exec(data)
  return STRING.lastIndex
}
