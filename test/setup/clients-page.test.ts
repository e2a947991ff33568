import { readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { clientsPage } from './clients-page.js'

const FILE = new URL('../../docs/clients.md', import.meta.url)

it('docs/clients.md is what connect would say (UPDATE_DOCS=1 rewrites it)', () => {
  const page = clientsPage().replace(/\n{3,}/g, '\n\n')
  if (process.env.UPDATE_DOCS !== undefined) writeFileSync(FILE, page)
  expect(readFileSync(FILE, 'utf8')).toBe(page)
})
