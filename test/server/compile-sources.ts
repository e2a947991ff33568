import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

export interface Compiled {
  /** Holds what `dist/` would. */
  readonly folder: string
  remove(): void
}

/** The sources of now as JavaScript, types not checked, for tests that run the program in a process of its own. */
export function compileSources(): Compiled {
  // Inside the project, so that packages are found.
  const folder = join(root, 'node_modules', '.cache', `llmroute-${process.pid}-${Date.now()}`)
  const src = join(root, 'src')
  for (const entry of readdirSync(src, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue
    const from = join(entry.parentPath, entry.name)
    const to = join(folder, relative(src, from))
    mkdirSync(dirname(to), { recursive: true })
    if (!/\.tsx?$/.test(entry.name)) copyFileSync(from, to)
    else writeFileSync(to.replace(/\.tsx?$/, '.js'), transpile(readFileSync(from, 'utf8'), from))
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

function transpile(text: string, fileName: string): string {
  const compilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    jsx: ts.JsxEmit.ReactJSX,
    verbatimModuleSyntax: true,
  }
  return ts.transpileModule(text, { fileName, compilerOptions }).outputText
}
