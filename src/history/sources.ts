import { join } from 'node:path'
import { openClaudeCode } from './readers/claude-code.js'
import { openCodex } from './readers/codex.js'
import { openGeminiCli } from './readers/gemini-cli.js'
import { openJsonl } from './readers/jsonl.js'
import { openLitellm } from './readers/litellm.js'
import { openOpenrouter } from './readers/openrouter.js'
import { openPi } from './readers/pi.js'
import { openQwen } from './readers/qwen.js'
import type { HistorySource, OpenReader } from './types.js'

export interface Environment {
  readonly home: string
  readonly env: Readonly<Record<string, string | undefined>>
}

export interface SourceSpec {
  readonly open: OpenReader
  /** Folders in which the tool keeps its logs; none for exports, whose path must be given. */
  readonly folders: (environment: Environment) => readonly string[]
  /** Which files of a folder are logs; the path is relative and has forward slashes. */
  readonly isLog: (path: string) => boolean
}

const isJsonl = (path: string) => path.endsWith('.jsonl')
const nowhere = () => []

export const SOURCES: Readonly<Record<HistorySource, SourceSpec>> = {
  'claude-code': {
    open: openClaudeCode,
    // CLAUDE_CONFIG_DIR may name several, separated by commas.
    folders: ({ home, env }) =>
      (env.CLAUDE_CONFIG_DIR?.split(',') ?? [join(home, '.claude'), join(env.XDG_CONFIG_HOME ?? join(home, '.config'), 'claude')]).map(
        (dir) => join(dir.trim(), 'projects'),
      ),
    isLog: isJsonl,
  },
  codex: {
    open: openCodex,
    folders: ({ home, env }) => ['sessions', 'archived_sessions'].map((name) => join(env.CODEX_HOME ?? join(home, '.codex'), name)),
    isLog: isJsonl,
  },
  'gemini-cli': {
    open: openGeminiCli,
    folders: ({ home }) => [join(home, '.gemini', 'tmp')],
    isLog: (path) => /(^|\/)chats\/[^/]+\.jsonl?$/.test(path),
  },
  qwen: {
    open: openQwen,
    folders: ({ home }) => [join(home, '.qwen', 'projects')],
    isLog: (path) => /(^|\/)chats\/[^/]+\.jsonl$/.test(path),
  },
  pi: {
    open: openPi,
    folders: ({ home, env }) => [join(env.PI_CODING_AGENT_DIR ?? join(home, '.pi', 'agent'), 'sessions')],
    isLog: isJsonl,
  },
  litellm: { open: openLitellm, folders: nowhere, isLog: (path) => /\.(jsonl?|csv)$/.test(path) },
  openrouter: { open: openOpenrouter, folders: nowhere, isLog: (path) => /\.(jsonl?|csv)$/.test(path) },
  jsonl: { open: openJsonl, folders: nowhere, isLog: isJsonl },
}
