import type { Message, Request } from '../canonical/index.js'
import type { SideKind } from './types.js'

/** Openings of the last user message that only a client writes. Claude Code 2.1, Codex 0.169, opencode 1.18, Gemini CLI 0.61, Cline 3, aider. */
const BY_REQUEST: readonly (readonly [SideKind, RegExp])[] = [
  [
    'compaction',
    /your task is to create a detailed summary of (?:the conversation|this conversation|the recent portion)|CONTEXT CHECKPOINT COMPACTION|provide a detailed prompt for continuing our conversation|generate the <state_snapshot>|current conversation is rapidly running out of context|create a detailed summary of (?:the|our) conversation so far/i,
  ],
  [
    'title',
    /generate a (?:brief |short |concise )?title for (?:this|the|our) (?:conversation|chat|session)|please write a \d+-\d+ word title|write a (?:short |concise )?title for (?:this|the following) conversation/i,
  ],
  [
    'commit-message',
    /^(?:generate|write|create) (?:a |an )?(?:concise |short |git |conventional )*commit message (?:for|from|based on) (?:the |these |this )(?:following|staged|provided) /i,
  ],
  ['summary', /^summari[sz]e this (?:coding )?(?:conversation|session) in (?:under|at most|less than) \d+/i],
]

/** The purpose of the call according to the instructions. */
const BY_INSTRUCTIONS: readonly (readonly [SideKind, RegExp])[] = [
  [
    'compaction',
    /component that summarizes internal chat history|helpful ai assistant tasked with summarizing conversations|you are (?:a |an )?(?:context |conversation )(?:compaction|summari[sz]ation)/i,
  ],
  [
    'title',
    /you are a title generator|generate a (?:concise|short|brief)[^.\n]{0,80} title|(?:extract|write) a [\d-]+ word title|indicates a new conversation topic|title (?:generator|for (?:this|the) (?:coding )?(?:session|conversation|chat))/i,
  ],
  [
    'commit-message',
    /git commit messages?\b[^.\n]{0,80}(?:diff|changes|code)|generates?\b[^.\n]{0,60}commit messages?|come (?:up )?with the best git commit message/i,
  ],
  [
    'summary',
    /summari[sz]e (?:this|the) (?:coding )?(?:conversation|session|tool (?:output|result))[^.\n]{0,60}(?:under|at most|in one|short)/i,
  ],
]

const PROBES = new Set(['quota', 'test', 'ping', 'hi', 'hello', '.', 'count', 'foo', 'x'])

/** Recognises calls that a client makes for itself. Such a call carries no tools (compaction may, to keep its cache warm). */
export function sideKind(request: Request, text: string): SideKind | null {
  const head = text.slice(0, 600)
  if (BY_REQUEST[0]?.[1].test(head) === true) return 'compaction'
  if (request.tools.length > 0) return null
  if ((request.maxOutputTokens ?? 2) <= 1 && request.messages.length === 1 && PROBES.has(text.trim().toLowerCase())) return 'quota-probe'
  if (asksOnlyFor(request, 'title')) return 'title'
  for (const message of request.messages) {
    if (message.role === 'assistant' || message.role === 'tool') continue
    const kind = match(message.role === 'user' ? BY_REQUEST : BY_INSTRUCTIONS, message)
    if (kind !== null) return kind
  }
  return null
}

function match(table: readonly (readonly [SideKind, RegExp])[], message: Message): SideKind | null {
  for (const part of message.parts) {
    if (part.type !== 'text') continue
    const text = part.text.length > 1200 ? `${part.text.slice(0, 800)}\n${part.text.slice(-400)}` : part.text
    for (const [kind, pattern] of table) if (pattern.test(text)) return kind
  }
  return null
}

/** Structured output whose only property is `name` (Claude Code's title call). */
function asksOnlyFor(request: Request, name: string): boolean {
  if (request.output?.type !== 'json-schema') return false
  const properties = (request.output.schema as { properties?: Record<string, unknown> } | null)?.properties
  return properties !== undefined && properties !== null && Object.keys(properties).join() === name
}
