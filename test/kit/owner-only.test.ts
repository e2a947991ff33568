import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ownerOnly } from '../../src/kit/index.js'

it.skipIf(process.platform === 'win32')('takes other people’s rights to a file away', () => {
  const folder = mkdtempSync(join(tmpdir(), 'llmroute-own-'))
  const path = join(folder, 'secret')
  writeFileSync(path, 'x', { mode: 0o644 })
  expect(ownerOnly(path, 0o600)).toBe(true)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  rmSync(folder, { recursive: true })
})

it.each([
  [0o600, 'OFFICE\\ann:F'],
  [0o700, 'OFFICE\\ann:(OI)(CI)F'],
] as const)('asks Windows for an access list of one entry, mode %o', (mode, grant) => {
  const ran: (readonly string[])[] = []
  const run = (program: string, args: readonly string[]) => ran.push([program, ...args]) > 0
  const env = { SystemRoot: 'D:\\Win', USERDOMAIN: 'OFFICE' }
  expect(ownerOnly('C:\\Users\\Ann Lee\\ledger & co.db', mode, { platform: 'win32', env, user: 'ann', run })).toBe(true)
  // A list of arguments, so that no name of a file is read as a command.
  expect(ran).toEqual([['D:\\Win\\System32\\icacls.exe', 'C:\\Users\\Ann Lee\\ledger & co.db', '/inheritance:r', '/grant:r', grant, '/q']])
})

it('says when a file system of Windows has no rights, and goes on', () => {
  expect(ownerOnly('E:\\stick\\x', 0o600, { platform: 'win32', env: {}, user: 'ann', run: () => false })).toBe(false)
})
