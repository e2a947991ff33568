import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import type { Machine } from '../../src/setup/index.js'

export interface TestMachine extends Machine {
  /** Where llmroute keeps its own files. */
  readonly configFolder: string
  /** Writes a file below the home. */
  put(path: string, content: string | Uint8Array): string
  get(path: string): string
  /** Every file and folder below the home with content and mode, llmroute's own left out. */
  snapshot(): Readonly<Record<string, string>>
}

/** A home folder of its own. */
export function testMachine(env: Readonly<Record<string, string>> = {}): TestMachine {
  const root = mkdtempSync(join(tmpdir(), 'llmroute-setup-'))
  const home = join(root, 'home')
  const cwd = join(home, 'project')
  mkdirSync(cwd, { recursive: true })
  const configFolder = join(root, 'own')
  return {
    home,
    cwd,
    configFolder,
    platform: 'linux',
    env: { LLMROUTE_CONFIG_DIR: configFolder, PATH: '', ...env },
    put(path, content) {
      const full = join(home, path)
      mkdirSync(dirname(full), { recursive: true })
      writeFileSync(full, content)
      return full
    },
    get: (path) => readFileSync(join(home, path), 'utf8'),
    snapshot() {
      const entries = readdirSync(home, { recursive: true, withFileTypes: true }).map((entry) => {
        const full = join(entry.parentPath, entry.name)
        const content = entry.isFile() ? readFileSync(full).toString('base64') : 'folder'
        return [relative(home, full), `${(statSync(full).mode & 0o777).toString(8)} ${content}`] as const
      })
      return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
    },
  }
}
