import type { Message, Need, Part, Request, Tool, WireFormat } from '../canonical/index.js'

/** "Invalid 'tools': array too long. Expected an array with maximum length 128" (OpenAI; Groq and others say the same). */
const MOST_TOOLS = 128

/** What this request needs of a model, in the order of NEEDS; permissions (parallel tool calls allowed) are no needs. */
export function needs(request: Request): readonly Need[] {
  const found = new Set<Need>(request.needs)
  for (const tool of request.tools) {
    // Free text without a grammar can be expressed as a function.
    if (tool.type !== 'hosted') found.add(tool.type === 'grammar' && tool.grammar ? 'grammar-tools' : 'tools')
    else for (const need of hostedNeeds(tool)) found.add(need)
  }
  if (found.has('hosted-tools') && request.tools.some((tool) => tool.type !== 'hosted')) found.add('mixed-tools')
  if (request.tools.length > MOST_TOOLS) {
    const single = request.tools.filter(({ extra }) => extra?.['~named'] === undefined)
    found.add(single.length > MOST_TOOLS ? 'many-tools' : 'grouped-tools')
  }
  for (const message of request.messages) addNeeds(message, found)
  if ((found.has('file-input') || found.has('vision')) && request.messages.some(({ parts }) => parts.some(isKept)))
    found.add(VENDOR[request.format])
  if (request.output?.type === 'json') found.add('json')
  if (request.output?.type === 'json-schema') found.add('json-schema')
  if (replaysReasoning(request.messages)) found.add('reasoning-replay')
  if ((request.sampling.n ?? 1) > 1) found.add('n')
  if (request.sampling.logprobs === true) found.add('logprobs')
  return [...found]
}

/** Adds the abilities a model needs to receive this message, in the order in which they appear. */
function addNeeds({ parts }: Message, found: Set<Need>): void {
  let calls = 0
  for (const part of parts) {
    if (part.type === 'tool-call') calls++
    else addMedia(part, found)
  }
  if (calls > 1) found.add('parallel-tools')
}

function addMedia(part: Part, found: Set<Need>): void {
  switch (part.type) {
    case 'image':
      found.add('vision')
      break
    case 'file':
      found.add('file-input')
      break
    case 'audio':
      found.add('audio-input')
      break
    case 'tool-result':
      for (const inner of part.parts) addMedia(inner, found)
  }
}

/** Each format's vendor: what it keeps or hosts, no other has. */
const VENDOR: Readonly<Record<WireFormat, Need>> = {
  'openai-chat': 'hosted-openai',
  'openai-responses': 'hosted-openai',
  'anthropic-messages': 'hosted-anthropic',
  gemini: 'hosted-google',
}

function isKept(part: Part): boolean {
  return 'source' in part ? part.source.kind === 'file-id' : part.type === 'tool-result' && part.parts.some(isKept)
}

/** A vendor's own tool is no other vendor's; of a search of the web there is one nearly everywhere. */
function hostedNeeds({ search, format }: Extract<Tool, { readonly format: unknown }>): readonly Need[] {
  if (search !== undefined) return ['hosted-tools', 'web-search']
  return format === 'openai-chat' ? ['hosted-tools'] : ['hosted-tools', VENDOR[format]]
}

/** True inside a tool loop whose assistant turns carry signed reasoning; elsewhere signatures may be dropped. */
function replaysReasoning(messages: readonly Message[]): boolean {
  if (!endsInToolResults(messages)) return false
  for (let i = messages.length - 1; i >= 0; i--) {
    const message = messages[i]!
    if (message.role === 'user' && !message.parts.some((p) => p.type === 'tool-result')) return false
    if (message.parts.some((p) => p.type === 'reasoning' && p.signature !== undefined)) return true
  }
  return false
}

/** True when the last message that is not an instruction holds tool results. */
export function endsInToolResults(messages: readonly Message[]): boolean {
  for (let i = messages.length - 1; i >= 0; i--) {
    const message = messages[i]!
    if (message.role === 'system' || message.role === 'developer') continue
    return message.role === 'tool' || message.parts.some((p) => p.type === 'tool-result')
  }
  return false
}
