import { readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, it } from 'vitest'

const src = fileURLToPath(new URL('../../src', import.meta.url))

/** What loading a file loads with it: static imports that are not of types alone. */
function loadedWith(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest)
  for (const statement of source.statements) {
    const isImport = ts.isImportDeclaration(statement) && statement.importClause?.isTypeOnly !== true
    const isExport = ts.isExportDeclaration(statement) && !statement.isTypeOnly && statement.moduleSpecifier !== undefined
    if (!isImport && !isExport) continue
    const specifier = (statement.moduleSpecifier as ts.StringLiteral).text
    if (specifier.startsWith('.')) loadedWith(resolve(dirname(file), specifier.replace(/\.js$/, '.ts')), seen)
    else seen.add(specifier)
  }
  return seen
}

it('loads the parser and a handful of small files for --help, and no command', () => {
  const loaded = [...loadedWith(resolve(src, 'cli/main.ts'))].map((path) => (path.startsWith(src) ? relative(src, path) : path))
  expect(loaded.toSorted()).toEqual(
    ['cli/command-table.ts', 'cli/io.ts', 'cli/main.ts', 'cli/version.ts', 'cli/run.ts', 'commander', 'node:fs', 'node:tty'].toSorted(),
  )
})

it.each([
  ['cli/commands/config.ts', 'ledger'],
  ['cli/commands/completion.ts', 'ledger'],
  ['cli/commands/completion.ts', 'classify'],
  ['cli/commands/ledger.ts', 'policy'],
  ['cli/batch/jobs.ts', 'config'],
])('loads for %s nothing of %s, which it does not use', (file, room) => {
  const loaded = [...loadedWith(resolve(src, file))].map((path) => relative(src, path).replaceAll('\\', '/'))
  expect(loaded.filter((path) => path.startsWith(`${room}/`))).toEqual([])
})
