import { isUtf8 } from 'node:buffer'
import { accessSync, constants, existsSync, lstatSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import type { Loader, LoaderResult } from 'cosmiconfig'
import { Fault, makeFolder } from '../kit/index.js'

const SCRIPTS = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'] as const
const NAMES = ['.ts', '.mts', '.js', '.mjs', '.cjs', '.json', '.yaml', '.yml'].map((extension) => `router.config${extension}`)

export type Env = Readonly<Record<string, string | undefined>>

/** The user's own configuration folder: `LLMROUTE_CONFIG_DIR`, or where this system keeps such things. */
export async function configFolder(env: Env): Promise<string> {
  if (env.LLMROUTE_CONFIG_DIR) return env.LLMROUTE_CONFIG_DIR
  const { default: envPaths } = await import('env-paths')
  return envPaths('llmroute', { suffix: '' }).config
}

interface FoundConfig {
  readonly path: string
  /** As the file exported it, not yet checked. */
  readonly value: unknown
}

/** The file named, else the nearest `router.config.*` or `llmroute` key of a package.json from `cwd` up to the project's root, else the user's own. */
export async function findConfig(options: {
  readonly path: string | null
  readonly cwd: string
  readonly folder: string
}): Promise<FoundConfig | null> {
  const { cosmiconfig, defaultLoaders } = await import('cosmiconfig')
  // Null, which is also what comments alone are parsed as, would count as no file.
  const orEmpty =
    (load: Loader): Loader =>
    async (path, text) =>
      (await load(path, text)) ?? {}
  const readYaml = orEmpty(defaultLoaders['.yaml'])
  const loaders = {
    ...Object.fromEntries(SCRIPTS.map((extension) => [extension, orEmpty(loadScript)])),
    // Editors of Windows begin a file with a mark that JSON does not know.
    '.json': orEmpty((path, text) => readJson(path, text.replace(/^\uFEFF/, ''), defaultLoaders['.json'])),
    '.yaml': readYaml,
    '.yml': readYaml,
  }
  const explore = () =>
    cosmiconfig('llmroute', {
      searchPlaces: [...NAMES, 'package.json'],
      searchStrategy: 'project',
      // An empty file is not a request for the sandbox, which only runs where there is no file.
      ignoreEmptySearchPlaces: false,
      loaders,
      cache: false,
    })
  const { path } = options
  if (path !== null) return read(path, () => explore().load(path))
  const near = await read(options.cwd, () => explore().search(options.cwd))
  refuseUnreadable(options.cwd, near === null ? null : dirname(near.path))
  if (near) return near
  const own = NAMES.map((name) => join(options.folder, name)).find((path) => existsSync(path))
  return own === undefined ? null : read(own, () => explore().load(own))
}

/**
 * The search skips files that cannot be read, and what it finds instead, perhaps the sandbox, is not what the user wrote. Looks up to the
 * folder `end`, else to the project's root.
 */
function refuseUnreadable(folder: string, end: string | null): void {
  for (const path of NAMES.map((name) => join(folder, name))) {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) continue
    try {
      accessSync(path, constants.R_OK)
    } catch (error) {
      throw new Fault('E_CONFIG', `${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`, {
        hint: 'Check its rights and where it leads, or take it away.',
        cause: error,
      })
    }
  }
  const parent = dirname(folder)
  if (folder !== end && parent !== folder && !existsSync(join(folder, 'package.json'))) refuseUnreadable(parent, end)
}

async function read(
  path: string,
  load: () => Promise<{ config: unknown; filepath: string; isEmpty?: boolean } | null>,
): Promise<FoundConfig | null> {
  try {
    const found = await load()
    return found && { path: found.filepath, value: found.isEmpty ? {} : found.config }
  } catch (error) {
    throw unreadable(path, error)
  }
}

function unreadable(path: string, error: unknown): Fault {
  const message = error instanceof Error ? error.message : String(error)
  if ((error as NodeJS.ErrnoException).code === 'ENOENT')
    return new Fault('E_CONFIG', `${path}: no such file`, {
      hint: 'Give the path of an existing configuration, or run `llmroute init`.',
      cause: error,
    })
  if ((error as NodeJS.ErrnoException).code === 'EISDIR')
    return new Fault('E_CONFIG', `${path} is a folder`, { hint: 'Give the path of a configuration file.', cause: error })
  const file = (error as { readonly filepath?: string }).filepath ?? path
  if (!isText(file))
    return new Fault('E_CONFIG', `${file} is not UTF-8 text`, {
      hint: 'Save it as UTF-8 and run `llmroute config check`.',
      cause: error,
    })
  // cosmiconfig looks for settings of its own in package.json first, and takes no such mark there.
  if (message.includes('\uFEFF'))
    return new Fault('E_CONFIG', `${file} begins with a byte order mark`, { hint: 'Save it as UTF-8 without one.', cause: error })
  return new Fault('E_CONFIG', `${file} could not be read: ${oneLine(message, file)}`, {
    hint: 'Correct the file and run `llmroute config check`.',
    cause: error,
  })
}

/** False for another encoding or binary data; a file that cannot be read has a more specific error. */
function isText(path: string): boolean {
  try {
    const bytes = readFileSync(path)
    return isUtf8(bytes) && !bytes.includes(0)
  } catch {
    return true
  }
}

/** Parsers repeat the file's name and draw the lines around the error, sometimes in colour: only the message is kept. */
function oneLine(message: string, path: string): string {
  const lines = stripVTControlCharacters(message)
    .split('\n')
    .filter((line) => !/^\s*>?\s*\d*\s*\|/.test(line))
  const said = lines.join(' ').replace(`JSON Error in ${path}:`, '').replaceAll(`${path}:`, 'line ')
  return said.replaceAll(/\s+/g, ' ').trim()
}

/** Editors accept more in JSON files than JSON has. */
function readJson(path: string, text: string, load: Loader): LoaderResult {
  try {
    return load(path, text)
  } catch (error) {
    if (!/^\s*\/[/*]|,\s*[}\]]/m.test(text)) throw error
    throw new Error('JSON has no comments and no comma after the last entry; a .yaml or .ts file may have both')
  }
}

/**
 * TypeScript and JavaScript through jiti; `llmroute` resolves to this package. Always compiled, because what Node imports by itself stays
 * as it was when the file is edited. Compiled text is cached on disk by content, because compiling costs some hundred milliseconds on
 * every command. `default` is also a setting: it is the export of an ES module, but a plain key in `module.exports`.
 */
async function loadScript(path: string, text: string): Promise<LoaderResult> {
  const { createJiti } = await import('jiti')
  const entry = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../index.ts' : '../index.js', import.meta.url))
  const jiti = createJiti(path, { moduleCache: false, fsCache: await compiledFolder(), interopDefault: false, alias: { llmroute: entry } })
  const module = (await jiti.evalModule(text, { filename: path, async: true, forceTranspile: true })) as LoaderResult
  if (module?.__esModule === true && 'default' in module) return module.default
  if (Object.keys(module ?? {}).length === 0 && saysSomething(text))
    throw new Error('it exports nothing; write `export default defineConfig({ ... })`')
  return module
}

/** False for a file of comments alone, and for one that exports an empty object in the older way. */
function saysSomething(text: string): boolean {
  return !/^$|\bexports\b/.test(text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').trim())
}

/** Private to the user, since its contents are executed; false when no such folder is possible. */
async function compiledFolder(): Promise<string | false> {
  const { default: envPaths } = await import('env-paths')
  const folder = join(envPaths('llmroute', { suffix: '' }).cache, 'compiled')
  try {
    makeFolder(folder, 0o700)
    accessSync(folder, constants.W_OK)
    return folder
  } catch {
    return false
  }
}
