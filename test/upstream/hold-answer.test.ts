import { expect, it } from 'vitest'
import { type Answer, type HeldAnswer, holdAnswer, readWhole } from '../../src/upstream/index.js'

const MOST = 1000

/** An answer of four pieces, each sent only while the reader wants more. */
function longAnswer(): { answer: Answer; sent: () => number } {
  let sent = 0
  let go: (() => void) | null = null
  const answer: Answer = {
    status: 200,
    headers: {},
    consume: (sink) =>
      new Promise((resolve) => {
        go = () => {
          while (sent < 4) {
            sent++
            if (!sink(Buffer.alloc(400))) return
          }
          resolve()
        }
        go()
      }),
    resume: () => go?.(),
  }
  return { answer, sent: () => sent }
}

function open(small = 0, most = MOST): { held: HeldAnswer; whole: Promise<Buffer>; sent: () => number } {
  const { answer, sent } = longAnswer()
  const held = holdAnswer(answer, most, small)
  return { held, whole: readWhole(held, () => {}), sent }
}

it('complete answers that would take too much memory together wait for an earlier one to be delivered', async () => {
  const [first, second, third] = [open(), open(), open()]
  // The first goes on beyond the limit; the others wait with what had come.
  expect(await first.whole).toHaveLength(1600)
  expect([second.sent(), third.sent()]).toEqual([1, 1])
  first.held.leave()
  expect(await second.whole).toHaveLength(1600)
  expect(third.sent()).toBe(1)
  second.held.leave()
  expect(await third.whole).toHaveLength(1600)
  third.held.leave()
})

it('one that is given up while it waits lets the next go on', async () => {
  const [first, second, third] = [open(), open(), open()]
  await first.whole
  second.held.leave()
  expect(third.sent()).toBe(1)
  first.held.leave()
  expect(await third.whole).toHaveLength(1600)
  third.held.leave()
})

it('a short one does not wait for long ones', async () => {
  const [long, short] = [open(), open(2000)]
  await long.whole
  expect(await short.whole).toHaveLength(1600)
  long.held.leave()
  short.held.leave()
})

it('those that were delivered take no room any more', async () => {
  for (let i = 0; i < 4; i++) {
    const { held, whole } = open()
    await whole
    held.leave()
  }
  const both = [open(0, 4 * MOST), open(0, 4 * MOST)]
  expect(both.map(({ sent }) => sent())).toEqual([4, 4])
  for (const { held } of both) held.leave()
})
