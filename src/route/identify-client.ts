import { redactSecrets } from '../kit/index.js'
import { headerText } from './exchange.js'

/** Who is speaking, by headers. Versions in the comments are those observed. */
type Headers = Readonly<Record<string, string | undefined>>

const AGENTS: readonly (readonly [pattern: RegExp, name: string])[] = [
  // claude-cli/2.1.329 (external, sdk-cli)
  [/^claude-cli\//, 'claude-code'],
  // codex_exec/0.169.0, codex_cli_rs/…
  [/^codex[_-]/, 'codex'],
  // GeminiCLI/0.61.0/… (linux; x64)
  [/^GeminiCLI/, 'gemini-cli'],
  // opencode/1.18.33 ai-sdk/…
  [/^opencode\//, 'opencode'],
  // QwenCode/0.15.10 (linux; x64)
  [/^QwenCode\//, 'qwen-code'],
  // Cline/3.0.65
  [/^cline\//i, 'cline'],
  // copilot/1.0.102
  [/copilot/i, 'copilot'],
  [/continue/i, 'continue'],
  [/^pi[/-]/, 'pi'],
  [/cursor/i, 'cursor'],
  [/^OpenAI\/|^AsyncOpenAI\//, 'openai-sdk'],
  [/^Anthropic\/|^AsyncAnthropic\//, 'anthropic-sdk'],
  [/google-genai-sdk/, 'google-genai'],
  [/^ai\/|ai-sdk\//, 'ai-sdk'],
  [/^llmroute\//, 'llmroute'],
  [/^curl\//, 'curl'],
]

const known = new Map<string, string>()
const MOST_KNOWN = 256

/** A short stable name such as `claude-code`; the first word of the user agent for others, `unknown` without one. */
export function identifyClient(headers: Headers): string {
  const agent = headers['user-agent'] ?? ''
  if (agent === '') return 'unknown'
  const seen = known.get(agent)
  if (seen !== undefined) return seen
  const row = AGENTS.find(([pattern]) => pattern.test(agent))
  const name = row?.[1] ?? (/^[\w.-]{1,40}/.exec(agent)?.[0].toLowerCase() || 'unknown')
  if (known.size < MOST_KNOWN) known.set(agent, name)
  return name
}

/** Headers by which a client names its conversation, strongest first. */
const SESSION_HEADERS = [
  'x-llmroute-session',
  'x-claude-code-session-id',
  // Codex 0.169
  'session-id',
  'session_id',
  'x-session-id',
  // opencode 1.18
  'x-opencode-session',
] as const

/** Characters of a name that are kept. */
const MOST_NAME = 200

/** Who is speaking in which conversation. Names are the client's own, fit to be stored; null where it gives none. */
interface Speaker {
  readonly session: string | null
  /** A sub-agent of the session: it has its own conversation, on the session's budget. */
  readonly agent: string | null
}

/** `userId` is Anthropic's metadata.user_id. */
export function readSpeaker(headers: Headers, cacheKey: string | undefined, userId: string | undefined): Speaker {
  return { session: storable(sessionName(headers, cacheKey, userId)), agent: storable(agentName(headers)) }
}

function storable(name: string | null): string | null {
  return name === null ? null : redactSecrets(name.slice(0, MOST_NAME))
}

function sessionName(headers: Headers, cacheKey: string | undefined, userId: string | undefined): string | null {
  for (const name of SESSION_HEADERS) {
    const value = headerText(headers[name])
    if (value !== undefined && value !== '') return value
  }
  if (cacheKey !== undefined && cacheKey !== '') return cacheKey
  return userId === undefined ? null : (/"session_id":\s*"([^"]+)"/.exec(userId)?.[1] ?? /_session_([\w-]+)$/.exec(userId)?.[1] ?? null)
}

function agentName(headers: Headers): string | null {
  // Claude Code since 2.1.139; the main agent sends none.
  const agent = headers['x-claude-code-agent-id']
  if (agent !== undefined && agent !== '') return agent
  // Codex: the main thread is called like its session.
  const thread = headers['thread-id']
  const session = headers['session-id']
  return thread === undefined || thread === '' || session === undefined || thread === session ? null : thread
}
