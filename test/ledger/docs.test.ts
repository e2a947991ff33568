import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { NOON, sampleAttempt, sampleOpen, sampleSettle, scratchLedger } from './sample.js'

const page = readFileSync(new URL('../../docs/ledger.md', import.meta.url), 'utf8')
const queries = [...page.matchAll(/### (.+)\n\n```sql\n([\s\S]+?)```/g)].map(([, title = '', sql = '']) => ({ title, sql }))

/** A ledger in which every example finds something. */
async function examples(): Promise<Database.Database> {
  const ledger = await scratchLedger()
  const call = sampleOpen({ decidedAtMs: Date.now(), rule: 'classic', key: 'ci' })
  await ledger.open(call)
  await ledger.settle(sampleSettle(call.id, { attempts: [sampleAttempt({ n: 1, outcome: 'timeout' }), sampleAttempt({ n: 2 })] }))
  await ledger.outcome({ call: call.id, kind: 'feedback', value: 0, note: 'wrong', atMs: NOON })
  return new Database(ledger.path, { readonly: true })
}

it.each(queries)('the example "$title" runs and finds something', async ({ sql }) => {
  const db = await examples()
  const rows = db.prepare(sql).all() as Record<string, unknown>[]
  db.close()
  expect(rows.length).toBeGreaterThan(0)
  expect(Object.values(rows[0] ?? {}).some((value) => value !== null)).toBe(true)
})

it('names every column of the views and of every table', async () => {
  const db = await examples()
  const objects = db.prepare("SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'").all() as {
    name: string
    type: string
  }[]
  for (const { name, type } of objects) {
    expect(page, `${type} ${name}`).toContain(`\`${name}\``)
    const columns = (db.pragma(`table_info(${name})`) as { name: string }[]).map((c) => c.name)
    if (type === 'table') {
      expect(page.split('\n')).toContain(`| \`${name}\` | ${columns.map((column) => `\`${column}\``).join(', ')} |`)
      continue
    }
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\``)) ?? ''
    const missing = columns.filter((column) => !row.includes(`\`${column}\``))
    expect(
      missing.filter((column) => !/_tokens$/.test(column) && !DIMENSIONS.includes(column)),
      name,
    ).toEqual([])
  }
  db.close()
  expect(queries).toHaveLength(8)
})

/** `hourly` names these in words. */
const DIMENSIONS = ['source', 'model', 'task', 'complexity', 'profile', 'rule', 'client', 'key']
