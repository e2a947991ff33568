import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Writes folders of the project as plain JavaScript under `to`, so that many child processes start at once without a compiler. */
export function transpileInto(to: string, folders: readonly string[]): void {
  writeFileSync(join(prepare(to), 'package.json'), '{"type":"module"}')
  symlinkSync(join(root, 'node_modules'), join(to, 'node_modules'), 'junction')
  for (const folder of folders) {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true, recursive: true })) {
      if (!entry.isFile() || !entry.name.endsWith('.ts')) continue
      const source = resolve(entry.parentPath, entry.name)
      const target = join(to, relative(root, source)).replace(/\.ts$/, '.js')
      const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023, verbatimModuleSyntax: true }
      prepare(dirname(target))
      writeFileSync(target, ts.transpileModule(readFileSync(source, 'utf8'), { compilerOptions: options }).outputText)
    }
  }
}

function prepare(folder: string): string {
  mkdirSync(folder, { recursive: true })
  return folder
}
