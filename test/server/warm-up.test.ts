import { expect, it } from 'vitest'
import { runDaemon } from './run-daemon.js'

it('warming up sends and records nothing, and leaves the next decision as it would have been', async () => {
  const daemon = await runDaemon({ sandbox: true })
  try {
    const plain = { model: 'auto', messages: [{ role: 'user', content: 'Name three primes.' }] }
    const before = daemon.runtime.outlook.learned()
    const learned = JSON.stringify(before)
    await daemon.runtime.warmUp()
    expect(JSON.stringify(daemon.runtime.outlook.learned())).toBe(learned)
    expect(daemon.ledger.listCalls({})).toEqual([])
    expect(daemon.errors).toEqual([])
    expect((await daemon.post(plain)).status).toBe(200)
    expect(daemon.ledger.listCalls({})).toHaveLength(1)
  } finally {
    await daemon.end()
  }
})
