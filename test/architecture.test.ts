import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

/**
 * The rooms of src/ and what each may import. A name followed by `:types` may be imported with `import type` only.
 * Layers are strict: an import goes to a lower layer, never sideways and never up.
 */
interface Room {
  readonly layer: number
  readonly may: readonly string[]
}

const ROOMS: Readonly<Record<string, Room>> = {
  kit: { layer: 0, may: [] },
  canonical: { layer: 1, may: ['kit'] },
  ledger: { layer: 1, may: ['kit'] },
  control: { layer: 1, may: ['kit'] },
  wire: { layer: 2, may: ['kit', 'canonical'] },
  catalog: { layer: 2, may: ['kit', 'canonical'] },
  classify: { layer: 2, may: ['kit', 'canonical'] },
  policy: { layer: 3, may: ['kit', 'canonical', 'wire:types', 'catalog:types', 'classify:types'] },
  upstream: { layer: 3, may: ['kit', 'canonical', 'wire', 'catalog:types'] },
  config: { layer: 4, may: ['kit', 'catalog', 'policy'] },
  route: { layer: 4, may: ['kit', 'canonical', 'ledger', 'control', 'wire', 'catalog', 'classify', 'policy', 'upstream'] },
  history: { layer: 4, may: ['kit', 'canonical', 'wire', 'classify', 'ledger'] },
  simulate: { layer: 4, may: ['kit', 'canonical', 'catalog', 'classify', 'policy', 'ledger'] },
  report: { layer: 4, may: ['kit', 'catalog', 'policy', 'ledger'] },
  learn: { layer: 4, may: ['kit', 'canonical', 'catalog', 'classify', 'ledger'] },
  // Asks upstream for `simulate --verify`, which itself may not: it draws the sample and is given this through a port.
  verify: { layer: 5, may: ['kit', 'canonical', 'ledger', 'control', 'wire', 'classify', 'policy', 'route'] },
  batch: { layer: 5, may: ['kit', 'canonical', 'ledger', 'wire', 'catalog', 'policy', 'upstream', 'route'] },
  server: {
    layer: 6,
    may: [
      ...['kit', 'canonical', 'ledger', 'control', 'wire', 'catalog', 'classify', 'policy', 'upstream'],
      ...['config', 'route', 'batch', 'verify', 'history', 'simulate', 'report', 'learn'],
    ],
  },
  monitor: { layer: 5, may: ['kit', 'ledger', 'control', 'policy', 'simulate', 'report'] },
  setup: { layer: 5, may: ['kit', 'config', 'catalog', 'ledger', 'control'] },
}
/** May import anything; nothing imports it. The package's own entry is the same. */
const TOP = ['cli', 'index.ts']
const FORBIDDEN_FOLDERS = ['utils', 'util', 'helpers', 'shared', 'types', 'services', 'managers', 'common', 'lib', 'misc']

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const src = join(root, 'src')

interface Import {
  readonly file: string
  readonly specifier: string
  readonly typeOnly: boolean
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}

function folders(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
}

/** Every import of a file, dynamic ones and `import('x').T` included. */
function importsOf(file: string, text = readFileSync(file, 'utf8')): Import[] {
  const found: Import[] = []
  const add = (node: ts.Node | undefined, typeOnly: boolean): void => {
    if (node !== undefined && ts.isStringLiteralLike(node)) found.push({ file, specifier: node.text, typeOnly })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node.importClause?.isTypeOnly ?? false)
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly)
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true)
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], false)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, false, file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS))
  return found
}

/** First path segment below src/, or null when the path is outside. */
function roomOf(path: string): string | null {
  const inside = relative(src, path)
  return inside.startsWith('..') ? null : (inside.split(sep)[0] ?? null)
}

/** What is wrong with one import, in words; null when it is allowed. */
function complaint({ file, specifier, typeOnly }: Import): string | null {
  const from = roomOf(file)
  const where = relative(root, file)
  if (from === null || !specifier.startsWith('.')) return null
  if (!specifier.endsWith('.js') && !specifier.endsWith('.json')) return `${where}: relative import '${specifier}' must end in .js`
  const to = roomOf(resolve(dirname(file), specifier))
  if (to === null) return specifier.endsWith('/package.json') ? null : `${where} imports '${specifier}' from outside src/`
  if (from === to || TOP.includes(from)) return null
  if (TOP.includes(to)) return `${where} imports ${to}, which nothing may import`
  const room = ROOMS[from]
  if (room === undefined) return `${where}: src/${from} is not a room of the table`
  if (room.may.includes(to) || (typeOnly && room.may.includes(`${to}:types`))) return null
  return room.may.includes(`${to}:types`)
    ? `${where} may import types of ${to} only`
    : `${where} (layer ${room.layer}) may not import ${to} (layer ${ROOMS[to]?.layer ?? '?'})`
}

describe('architecture', () => {
  it('has a table in which every import goes strictly down', () => {
    for (const [name, room] of Object.entries(ROOMS))
      for (const target of room.may) expect(ROOMS[target.replace(':types', '')]?.layer, `${name} → ${target}`).toBeLessThan(room.layer)
  })

  it('keeps every import of src/ inside the table', () => {
    const complaints = sourceFiles(src)
      .flatMap((file) => importsOf(file))
      .map(complaint)
    expect(complaints.filter((c) => c !== null)).toEqual([])
  })

  it('notices each kind of wrong import', () => {
    const probe = (path: string, text: string): (string | null)[] => importsOf(join(src, path), text).map(complaint)
    expect(probe('policy/x.ts', "import type { ModelRev } from '../catalog/types.js'")).toEqual([null])
    expect(probe('policy/x.ts', "import { ABILITY_GROUPS } from '../catalog/types.js'")).toEqual(
      ['policy/x.ts may import types of catalog only'].map((s) => `src/${s}`),
    )
    expect(probe('wire/x.ts', "export * from '../catalog/index.js'")[0]).toMatch(/may not import catalog/)
    expect(probe('kit/x.ts', "const p = import('../ledger/index.js')")[0]).toMatch(/may not import ledger/)
    expect(probe('route/x.ts', "type A = import('../config/index.js').Config")[0]).toMatch(/may not import config/)
    expect(probe('server/x.ts', "import { run } from '../cli/run.js'")[0]).toMatch(/nothing may import/)
    expect(probe('kit/x.ts', "import { a } from './money'")[0]).toMatch(/must end in .js/)
  })

  it('has no room outside the table and no folder without a meaning', () => {
    const rooms = readdirSync(src).filter((name) => !TOP.includes(name) && ROOMS[name] === undefined)
    expect(rooms).toEqual([])
    const tests = existsSync(join(root, 'test')) ? folders(join(root, 'test')) : []
    expect([...folders(src), ...tests].filter((name) => FORBIDDEN_FOLDERS.includes(name))).toEqual([])
  })

  it.each(Object.keys(ROOMS).concat('cli'))('src/%s opens with a sentence saying what it does', (room) => {
    const folder = join(src, room)
    if (!existsSync(folder) || sourceFiles(folder).length === 0) return
    const index = ['index.ts', 'index.tsx'].map((name) => join(folder, name)).find((path) => existsSync(path))
    expect(index, `src/${room}/index.ts is missing`).toBeDefined()
    expect(readFileSync(index ?? '', 'utf8')).toMatch(/^\/\*\*[\s*]+[A-Z`][\s\S]*?\.\s+\*\//)
  })
})
