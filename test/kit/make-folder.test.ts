import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeFolder } from '../../src/kit/index.js'

it('makes what is missing and returns the first folder made', () => {
  const base = mkdtempSync(join(tmpdir(), 'make folder ü '))
  const folder = join(base, 'a', 'b')
  expect(makeFolder(folder)).toBe(join(base, 'a'))
  expect(existsSync(folder)).toBe(true)
  expect(makeFolder(folder)).toBeUndefined()
})

it('throws where a file stands', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'make-folder-')), 'file')
  writeFileSync(file, '')
  expect(() => makeFolder(file)).toThrow(/EEXIST/)
  expect(() => makeFolder(join(file, 'below'))).toThrow(/EEXIST|ENOTDIR/)
})

// Node's own recursive mkdir never comes back from there (Node 20).
it.runIf(process.platform === 'linux')('throws where the system makes no folders', () => {
  expect(() => makeFolder('/proc/llmroute/data')).toThrow(/ENOENT/)
})
