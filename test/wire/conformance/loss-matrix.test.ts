import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { lossMatrix } from './loss-matrix.js'

const FILE = new URL('../../../docs/wire-losses.md', import.meta.url)

it('docs/wire-losses.md says what the formats do (UPDATE_DOCS=1 writes it anew)', () => {
  if (process.env.UPDATE_DOCS !== undefined) {
    mkdirSync(new URL('.', FILE), { recursive: true })
    writeFileSync(FILE, lossMatrix())
  }
  expect(readFileSync(FILE, 'utf8').replaceAll('\r\n', '\n')).toBe(lossMatrix())
})
