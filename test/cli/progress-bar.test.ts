import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import type { Cli } from '../../src/cli/cli.js'
import { progressBar } from '../../src/cli/progress-bar.js'

function drawn(columns: number | undefined): string {
  const stderr = Object.assign(new PassThrough(), { isTTY: true, columns })
  let now = 0
  const bar = progressBar({ io: { stderr } } as unknown as Cli, () => now)
  now = 2000
  bar.show(0.5, '200 of 400, $0.1105')
  return (stderr.read() as Buffer).toString()
}

it('fits a bar on one row of a narrow terminal, where it is drawn over again', () => {
  expect(drawn(40)).toBe(`\r\u001b[K${'█'.repeat(12)}${'░'.repeat(12)}  50% 200 of 4…`)
  for (const wide of [80, 0, undefined]) expect(drawn(wide)).toMatch(/ {2}50% 200 of 400, \$0\.1105$/)
})
