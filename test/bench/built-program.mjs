import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** Folder of the project. */
export const root = fileURLToPath(new URL('../..', import.meta.url))
/** Folder of the program to measure: another build's may be named, to compare the two. */
const built = process.env.LLMROUTE_BENCH_PROGRAM ?? root
const main = join(built, 'dist/cli/main.js')

/** A room of the built program. */
export const room = (name) => import(pathToFileURL(join(built, 'dist', name, 'index.js')).href)

export const program = join(built, 'bin/llmroute')

/** Figures are of the built program, as users run it: builds it when it is missing, and says so when it is older than the sources. */
export function ensureBuilt() {
  if (!existsSync(main)) {
    if (built !== root) throw new Error(`${built} holds no built program`)
    const { status } = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', root], { stdio: 'inherit' })
    if (!existsSync(main)) throw new Error(`the build failed (exit ${status})`)
  }
  if (built !== root) return
  const files = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const newest = Math.max(...files.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs))
  if (statSync(main).mtimeMs < newest)
    console.error('  dist/ may be older than src/: run `npm run build` to measure the sources as they are.')
}
