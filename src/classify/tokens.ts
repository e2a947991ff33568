import type { Message, Part, Request, Tool } from '../canonical/index.js'

/**
 * Token estimates in the reference tokenizer (o200k) from character classes: no vocabulary, no allocation, about 1 ns a
 * character; texts over 4,096 characters are sampled. Coefficients fitted against o200k over prose, code, logs, JSON and nine languages.
 */
const FULL = 4096
const HEAD = 768
const WINDOW = 128
const WINDOWS = 26

/** Tokens a message costs beside its content, and an image of unknown size. */
const PER_MESSAGE = 4
const PER_IMAGE = 765
const PER_LOW_IMAGE = 85
const PER_CALL = 8

export function estimateTokens(text: string): number {
  const n = text.length
  if (n === 0) return 0
  if (n <= FULL) return Math.max(1, Math.round(count(text, 0, n)))
  let sampled = count(text, 0, HEAD)
  let chars = HEAD
  const stride = (n - HEAD - WINDOW) / (WINDOWS - 1)
  for (let w = 0; w < WINDOWS; w++) {
    const from = Math.floor(HEAD + w * stride)
    sampled += count(text, from, from + WINDOW)
    chars += WINDOW
  }
  return Math.round((sampled / chars) * n)
}

function count(text: string, from: number, to: number): number {
  let tokens = 0
  let word = 0
  let digits = 0
  let prev = 0
  for (let i = from; i < to; i++) {
    const c = text.charCodeAt(i)
    if ((c >= 97 && c <= 122) || (c >= 65 && c <= 90)) {
      // A capital after a small letter starts a new piece (camelCase).
      if (c <= 90 && prev >= 97 && prev <= 122) tokens += wordTokens(word)
      if (c <= 90 && prev >= 97 && prev <= 122) word = 0
      word++
      digits = 0
    } else {
      if (word > 0) tokens += wordTokens(word)
      word = 0
      if (c >= 48 && c <= 57) {
        if (digits % 3 === 0) tokens += 1
        digits++
      } else {
        digits = 0
        if (c === 32) tokens += prev === 32 ? 0.07 : prev >= 48 && prev <= 57 ? 0.5 : 0
        else if (c === 10) tokens += prev === 10 ? 0.1 : isPunctuation(prev) ? 0.35 : 0.75
        else if (c < 128) tokens += prev === c ? 0.2 : isPunctuation(prev) ? 0.26 : 0.82
        else tokens += foreign(c)
      }
    }
    prev = c
  }
  return tokens + (word > 0 ? wordTokens(word) : 0)
}

/** ASCII marks join their neighbours: `");` and `":"` are one token each. */
function isPunctuation(c: number): boolean {
  return (c > 32 && c < 48) || (c > 57 && c < 65) || (c > 90 && c < 97) || (c > 122 && c < 127)
}

/** Tokens of a run of Latin letters: one up to six letters, then a fraction for each more. */
function wordTokens(length: number): number {
  return length <= 6 ? 1 : 1 + (length - 6) * 0.11
}

/** Tokens a character outside ASCII. */
function foreign(c: number): number {
  if (c < 0x250) return 0.55
  if (c < 0x370) return 0.8
  if (c < 0x400) return 0.55
  if (c < 0x530) return 0.29
  if (c < 0x800) return 0.38
  if (c < 0x0e00) return 0.4
  if (c < 0x2000) return 0.5
  if (c < 0x3040) return 0.9
  if (c < 0x3100) return 0.76
  if (c < 0xac00) return 0.77
  if (c < 0xd7b0) return 0.75
  if (c < 0xe000) return 1.1
  return 0.85
}

export function partTokens(part: Part): number {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return estimateTokens(part.text)
    case 'reasoning':
      return part.redacted === true ? 0 : estimateTokens(part.text)
    case 'image':
      return part.detail === 'low' ? PER_LOW_IMAGE : PER_IMAGE
    case 'file':
    case 'audio':
      // Base64 of a document or sound: nothing to count without decoding; a page or ten seconds is about 3 KB of base64 a token.
      return part.source.kind === 'base64' ? Math.ceil(part.source.data.length / 120) : PER_IMAGE
    case 'tool-call':
      return PER_CALL + estimateTokens(part.args)
    case 'tool-result': {
      let sum = PER_CALL
      for (const inner of part.parts) sum += partTokens(inner)
      return sum
    }
    case 'opaque':
      // Tools that ride in a message are read as the request's tools, and counted there.
      return part.kind === 'additional_tools' ? 0 : valueTokens(part.value)
  }
}

/** Messages are never changed, and each is asked for several times: by signals, by digests, and by every later call of an imported log. */
const counted = new WeakMap<Message, number>()

/** Estimated tokens of one message with its framing. */
export function messageTokens(message: Message): number {
  const known = counted.get(message)
  if (known !== undefined) return known
  let sum = PER_MESSAGE
  for (const part of message.parts) sum += partTokens(part)
  counted.set(message, sum)
  return sum
}

/** Estimated tokens of one tool's declaration. */
export function toolTokens(tool: Tool): number {
  const declared = tool.type === 'function' ? tool.schema : tool.value
  return (
    PER_CALL + estimateTokens(tool.name) + (tool.type === 'function' ? estimateTokens(tool.description ?? '') : 0) + valueTokens(declared)
  )
}

/** Tokens of a JSON value as it would be written, without writing it. */
function valueTokens(value: unknown): number {
  if (typeof value === 'string') return 1 + estimateTokens(value)
  if (value === null || typeof value !== 'object') return 1
  let sum = 1
  if (Array.isArray(value)) for (const item of value) sum += valueTokens(item)
  else
    for (const key in value) {
      sum += 2 + valueTokens((value as Record<string, unknown>)[key])
    }
  return sum
}

/** Estimated tokens of the constant part: leading instructions and tools. */
export function envelopeTokens(request: Request): number {
  let sum = 0
  for (const message of request.messages) {
    if (message.role !== 'system' && message.role !== 'developer') break
    sum += messageTokens(message)
  }
  for (const tool of request.tools) sum += toolTokens(tool)
  return sum
}

/** Estimated tokens of the whole prompt. */
export function requestTokens(request: Request): number {
  let sum = 3
  for (const message of request.messages) sum += messageTokens(message)
  for (const tool of request.tools) sum += toolTokens(tool)
  return sum
}
