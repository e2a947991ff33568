import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellWidth, table, wrapCells } from '../../src/kit/index.js'

const ROWS = [
  {
    id: '01M7ZBT5WKW1',
    model: 'sandbox/small',
    cost: '$0.000122',
    reason: 'simple chat: best score of 4, 99% cheaper than sandbox/thinker',
  },
  { id: '01M7ZBT5WKW2', model: '日本語モデル', cost: '$12.40', reason: 'pinned' },
]
const draw = (width?: number): string =>
  table(ROWS, width === undefined ? {} : { width }, [
    { head: 'ID', cell: (r) => r.id },
    { head: 'MODEL', cell: (r) => `\u001b[32m${r.model}\u001b[39m` },
    { head: 'COST', leave: 2, align: 'right', cell: (r) => r.cost },
    { head: 'REASON', leave: 1, flexible: true, cell: (r) => r.reason },
  ])

describe('a table', () => {
  it('shows everything where nothing limits it', () => {
    expect(draw()).toContain('99% cheaper than sandbox/thinker')
  })

  it('narrows the column that may be, then leaves columns out, the lowest first', () => {
    expect(draw(60).split('\n')[1]).toMatch(/simple chat: best s…$/)
    expect(draw(50)).not.toContain('REASON')
    expect(draw(50)).toContain('COST')
    expect(draw(30)).not.toContain('COST')
    expect(draw(20).split('\n')[0]).toBe('ID            MODEL')
  })

  it('has no line wider than the terminal, however narrow', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 140 }), (width) => {
        for (const line of draw(width).split('\n')) expect(cellWidth(line)).toBeLessThanOrEqual(width)
      }),
    )
  })
})

describe('wrapping', () => {
  it('breaks at spaces, hangs what follows, cuts words that are too wide, and counts cells', () => {
    expect(wrapCells('short', 10)).toEqual(['short'])
    expect(wrapCells('one two three four', 9, 2)).toEqual(['one two', '  three', '  four'])
    expect(wrapCells('日本語 日本語 日本語', 14)).toEqual(['日本語 日本語', '日本語'])
    expect(wrapCells('supercalifragilistic', 8)).toEqual(['superca…'])
  })
})
