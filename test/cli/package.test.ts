import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { builtProgram } from './built-program.js'

const run = promisify(execFile)

/** A package manager's work: the registry's packages come from its cache, and the native module is the one built here. */
describe('the package', () => {
  it('installs into an empty folder and runs there', async () => {
    const place = mkdtempSync(join(tmpdir(), 'llmroute-packed-'))
    const npm = {
      cwd: place,
      env: { ...process.env, LLMROUTE_CONFIG: '', LLMROUTE_DB: join(place, 'ledger.db'), LLMROUTE_CONFIG_DIR: place },
    }
    const root = builtProgram()
    await run('npm', ['pack', root, '--ignore-scripts'], npm)
    const tarball = readdirSync(place).find((name) => name.endsWith('.tgz')) ?? ''
    writeFileSync(join(place, 'package.json'), '{"private": true}')
    await run('npm', ['install', `./${tarball}`, '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'], npm)
    cpSync(join(root, 'node_modules/better-sqlite3/build'), join(place, 'node_modules/better-sqlite3/build'), {
      recursive: true,
      dereference: true,
    })
    const installed = join(place, 'node_modules/.bin/llmroute')
    expect((await run(installed, ['--version'], npm)).stdout).toMatch(/^\d+\.\d+\.\d+/)
    expect((await run(installed, ['ask', '--sandbox', 'Name three primes.'], npm)).stdout).toMatch(/simulated answer/)
    expect(JSON.parse((await run(installed, ['log', '--json'], npm)).stdout)).toHaveLength(1)
    const own = join(place, 'node_modules/llmroute')
    for (const [, path = ''] of readFileSync(join(own, 'README.md'), 'utf8').matchAll(/\]\((?!http)([^)#]+)\)/g))
      expect(existsSync(join(own, path)), path).toBe(true)
    rmSync(place, { recursive: true, force: true })
  }, 600_000)
})
