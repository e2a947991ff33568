import { join } from 'node:path'
import type { HistorySource } from './types.js'

export interface Environment {
  readonly home: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Where a tool's logs are. */
interface SourceSpec {
  /** Folders in which the tool keeps its logs; none for exports, whose path must be given. */
  readonly folders: (environment: Environment) => readonly string[]
  /** Which files of a folder are logs; the path is relative and has forward slashes. */
  readonly isLog: (path: string) => boolean
}

const isJsonl = (path: string) => path.endsWith('.jsonl')
const nowhere = () => []

export const SOURCES: Readonly<Record<HistorySource, SourceSpec>> = {
  'claude-code': {
    // CLAUDE_CONFIG_DIR may name several, separated by commas.
    folders: ({ home, env }) =>
      (env.CLAUDE_CONFIG_DIR?.split(',') ?? [join(home, '.claude'), join(env.XDG_CONFIG_HOME ?? join(home, '.config'), 'claude')]).map(
        (dir) => join(dir.trim(), 'projects'),
      ),
    isLog: isJsonl,
  },
  codex: {
    folders: ({ home, env }) => ['sessions', 'archived_sessions'].map((name) => join(env.CODEX_HOME ?? join(home, '.codex'), name)),
    isLog: isJsonl,
  },
  'gemini-cli': {
    folders: ({ home }) => [join(home, '.gemini', 'tmp')],
    isLog: (path) => /(^|\/)chats\/[^/]+\.jsonl?$/.test(path),
  },
  qwen: {
    folders: ({ home }) => [join(home, '.qwen', 'projects')],
    isLog: (path) => /(^|\/)chats\/[^/]+\.jsonl$/.test(path),
  },
  pi: {
    folders: ({ home, env }) => [join(env.PI_CODING_AGENT_DIR ?? join(home, '.pi', 'agent'), 'sessions')],
    isLog: isJsonl,
  },
  litellm: { folders: nowhere, isLog: (path) => /\.(jsonl?|csv)$/.test(path) },
  openrouter: { folders: nowhere, isLog: (path) => /\.(jsonl?|csv)$/.test(path) },
  jsonl: { folders: nowhere, isLog: isJsonl },
}
