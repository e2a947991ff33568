import { readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { configurationPage } from './configuration-page.js'

const FILE = new URL('../../docs/configuration.md', import.meta.url)

it('docs/configuration.md is what the schema says (UPDATE_DOCS=1 rewrites it)', () => {
  const page = configurationPage()
  if (process.env.UPDATE_DOCS !== undefined) writeFileSync(FILE, page)
  expect(readFileSync(FILE, 'utf8')).toBe(page)
})
