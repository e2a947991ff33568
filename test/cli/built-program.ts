import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Folder of a built program that is this very source: the project itself when its dist is up to date, else one built aside. */
export function builtProgram(): string {
  const newest = Math.max(
    ...readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
      .filter((e) => e.isFile())
      .map((e) => statSync(join(e.parentPath, e.name)).mtimeMs),
  )
  const main = join(root, 'dist/cli/main.js')
  if (existsSync(main) && statSync(main).mtimeMs >= newest) return root
  const aside = join(tmpdir(), `llmroute-built-${Math.round(newest)}`)
  if (existsSync(aside)) return aside
  // Several test files may build at once: each does so in a folder of its own, and the first to be ready gives its.
  const building = mkdtempSync(`${aside}-`)
  // Types are the type check's affair.
  const compiler = [join(root, 'node_modules/typescript/bin/tsc'), '-p', root, '--noCheck', '--declaration', 'false']
  execFileSync(process.execPath, [...compiler, '--outDir', join(building, 'dist')], { stdio: 'pipe' })
  for (const file of ['package.json', 'router.config.ts', 'README.md', 'LICENSE', 'docs', 'bin'])
    if (existsSync(join(root, file))) cpSync(join(root, file), join(building, file), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(building, 'node_modules'))
  try {
    renameSync(building, aside)
  } catch {
    rmSync(building, { recursive: true, force: true })
  }
  return aside
}

/** The built program on the path of a folder and with a ledger of its own, simulated models behind it. */
export function programFolder() {
  const program = builtProgram()
  const folder = mkdtempSync(join(tmpdir(), 'llmroute-program-'))
  mkdirSync(join(folder, 'bin'))
  writeFileSync(join(folder, 'bin/llmroute'), `#!/bin/sh\nexec "${process.execPath}" "${program}/bin/llmroute" "$@"\n`, { mode: 0o755 })
  writeFileSync(join(folder, 'router.config.json'), JSON.stringify({ sandbox: true, server: { port: 0 } }))
  const { PATH } = process.env
  const env: NodeJS.ProcessEnv = {
    PATH: `${join(folder, 'bin')}:${PATH}`,
    HOME: folder,
    LLMROUTE_DB: join(folder, 'ledger.db'),
    LLMROUTE_CONFIG_DIR: folder,
  }
  execFileSync('git', ['init', '-q'], { cwd: folder })
  return { folder, env }
}
