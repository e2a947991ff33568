import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A coding agent as a user runs it: installed from the registry, pointed at a daemon, asked one thing in print mode. */
export interface Agent {
  readonly name: string
  readonly format: string
  /** What npm installs, and the program in it. */
  readonly spec: string
  readonly program: string
  /** What `llmroute connect` calls it; null where `settle` writes the settings instead. */
  readonly connect: string | null
  settle?(home: string, url: string): void
  args(prompt: string): readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

const PI = { spec: '@mariozechner/pi-coding-agent@0.73.1', program: 'pi', connect: null, settle: settlePi }
/** How pi names the four formats, and whether its base URL ends in the version. */
const PI_APIS = {
  'openai-chat': ['openai-completions', '/v1'],
  'openai-responses': ['openai-responses', '/v1'],
  'anthropic-messages': ['anthropic-messages', ''],
  gemini: ['google-generative-ai', '/v1beta'],
} as const

export const AGENTS: readonly Agent[] = [
  ...Object.keys(PI_APIS).map((format) => ({
    ...PI,
    name: 'pi',
    format,
    args: (prompt: string) => ['--provider', format, '--model', 'auto', '--thinking', 'medium', '-p', prompt],
  })),
  {
    name: 'Claude Code',
    format: 'anthropic-messages',
    spec: '@anthropic-ai/claude-code',
    program: 'claude',
    connect: 'claude-code',
    args: (prompt) => ['-p', prompt, '--allowedTools', 'Bash'],
    env: { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1' },
  },
  {
    name: 'Codex',
    format: 'openai-responses',
    spec: '@openai/codex',
    program: 'codex',
    connect: 'codex',
    args: (prompt) => ['exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', prompt],
  },
  {
    name: 'opencode',
    format: 'openai-chat',
    spec: 'opencode-ai',
    program: 'opencode',
    connect: 'opencode',
    args: (prompt) => ['run', '--auto', prompt],
    env: { OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1' },
  },
  {
    name: 'Gemini CLI',
    format: 'gemini',
    spec: '@google/gemini-cli',
    program: 'gemini',
    connect: 'gemini-cli',
    args: (prompt) => ['--approval-mode', 'yolo', '--skip-trust', '-p', prompt],
  },
]

function settlePi(home: string, url: string): void {
  const folder = join(home, '.pi', 'agent')
  const models = [{ id: 'auto', reasoning: true, contextWindow: 200_000, maxTokens: 32_000 }]
  const providers = Object.entries(PI_APIS).map(([format, [api, version]]) => [
    format,
    { baseUrl: url + version, api, apiKey: 'llmroute', models },
  ])
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'models.json'), JSON.stringify({ providers: Object.fromEntries(providers) }))
}
