import type { Request, Tool } from '../canonical/index.js'
import { fingerprint } from './fingerprint.js'
import type { Signals } from './types.js'

/**
 * The constant part of a request: it says which client is speaking and nothing about how hard the turn is.
 * The digest covers the leading instructions and the tools' names, descriptions and parameter names, from samples of long
 * texts: enough to tell clients and their versions apart, at a few microseconds for 80 KB.
 */
export function digestEnvelope(request: Request): Signals['envelope']['digest'] {
  const texts: string[] = []
  for (const message of request.messages) {
    if (message.role !== 'system' && message.role !== 'developer') break
    for (const part of message.parts) if (part.type === 'text') sample(part.text, texts)
  }
  for (const tool of request.tools) sampleTool(tool, texts)
  return fingerprint(texts)
}

/** Names of the tools, sorted, with their digest. */
export function readTools(request: Request): Signals['tools'] {
  const names = request.tools.map((tool) => tool.name).sort()
  return { count: names.length, nameDigest: fingerprint(names), names }
}

function sampleTool(tool: Tool, texts: string[]): void {
  texts.push(tool.name)
  if (tool.type !== 'function') return
  sample(tool.description ?? '', texts)
  const properties = (tool.schema as { properties?: unknown } | undefined)?.properties
  if (properties !== null && typeof properties === 'object') texts.push(...Object.keys(properties))
}

function sample(text: string, texts: string[]): void {
  texts.push(String(text.length))
  if (text.length <= 512) {
    texts.push(text)
    return
  }
  texts.push(text.slice(0, 128), text.slice(-128))
  const stride = Math.floor(text.length / 8)
  for (let at = stride; at < text.length; at += stride) texts.push(text.slice(at, at + 32))
}
