import { existsSync, readdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, relative, sep } from 'node:path'
import { Fault } from '../kit/index.js'
import type { HistorySource } from './types.js'

export interface HistoryFile {
  readonly path: string
  readonly bytes: number
  /** When it was last written, milliseconds. */
  readonly modifiedMs: number
}

/**
 * Log files of a source: in the tool's own folder, or at the given file or folder. Throws E_EMPTY when there are none and E_USAGE when the
 * source has no folder and none was given.
 */
export function findHistory(
  source: HistorySource,
  path?: string,
  environment: Environment = { home: homedir(), env: process.env },
): HistoryFile[] {
  const spec = SOURCES[source]
  const places = path === undefined ? spec.folders(environment) : [path]
  if (places.length === 0) {
    throw new Fault('E_USAGE', `${source} keeps no logs of its own on this machine`, {
      hint: `Give the path: llmroute import ${source} FILE`,
    })
  }
  if (path !== undefined && !existsSync(path))
    throw new Fault('E_USAGE', `${path}: no such file or folder`, { hint: `Give the path of a log of ${source}.` })
  const files = places
    .filter((place) => existsSync(place))
    .flatMap((place) => logsUnder(place, path === undefined ? spec.isLog : (file) => spec.isLog(file) || /\.jsonl$/.test(file)))
  if (files.length === 0) {
    throw new Fault('E_EMPTY', `there are no ${source} logs in ${places.join(' or ')}`, { hint: 'Give the path of a file or folder.' })
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}

function logsUnder(place: string, isLog: (path: string) => boolean): HistoryFile[] {
  const stat = statSync(place)
  if (stat.isFile()) return [fileAt(place)]
  // Logs are read more than once.
  if (!stat.isDirectory())
    throw new Fault('E_USAGE', `${place} is neither a file nor a folder`, { hint: 'Save what it gives to a file first.' })
  return (
    readdirSync(place, { withFileTypes: true, recursive: true })
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => isLog(relative(place, file).split(sep).join('/')))
      // A link may lead nowhere.
      .flatMap((file) => (statSync(file, { throwIfNoEntry: false })?.isFile() ? [fileAt(file)] : []))
  )
}

function fileAt(path: string): HistoryFile {
  const { size, mtimeMs } = statSync(path)
  return { path, bytes: size, modifiedMs: mtimeMs }
}

interface Environment {
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

const SOURCES: Readonly<Record<HistorySource, SourceSpec>> = {
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
