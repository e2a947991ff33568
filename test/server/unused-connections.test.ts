import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { type RunningServer, startServer } from '../../src/server/start-server.js'

let server: RunningServer | null = null
afterEach(async () => {
  await server?.close()
  server = null
})

/** Opens a connection, sends `text`, and gathers what comes back until the other side closes. */
async function opened(text: string): Promise<{ readonly socket: Socket; readonly state: { got: string; closed: boolean } }> {
  server ??= await startServer({
    router: { handle: async () => {}, consider: () => expect.unreachable(), inFlight: 0 },
    setup: () => expect.unreachable(),
    port: 0,
    host: '127.0.0.1',
    unusedMs: 400,
  })
  const state = { got: '', closed: false }
  const socket = connect(server.port, '127.0.0.1')
  socket.on('data', (bytes) => {
    state.got += bytes
  })
  socket.on('close', () => {
    state.closed = true
  })
  socket.write(text)
  return { socket, state }
}

it('a connection on which nothing was ever asked is closed without a word, which a client would take for the answer to its next request', async () => {
  const { state } = await opened('')
  while (!state.closed) await sleep(10)
  expect(state.got).toBe('')
})

it('one that has begun to ask, or has asked, stays open', async () => {
  const begun = await opened('GET / HTTP/1.1\r\n')
  const asked = await opened('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n')
  await sleep(800)
  expect(begun.state).toEqual({ got: '', closed: false })
  expect(asked.state.closed).toBe(false)
  expect(asked.state.got).toMatch(/^HTTP\/1\.1 (?!408)\d{3} /)
  for (const { socket } of [begun, asked]) socket.destroy()
})
