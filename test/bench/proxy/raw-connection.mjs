import net from 'node:net'

const now = () => performance.now()
const TIMEOUT_MS = 30_000
const MARK = '~'.charCodeAt(0)

/**
 * One keep-alive connection that sends ready-made bytes and reads just enough of the answer to know where it ends: a client that
 * costs less than what it measures. `send` resolves to { error, status, ms, firstMs, marks }; marks are the '~' seen in the body.
 */
export async function openConnection(port) {
  const socket = net.connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  let open = null

  function finish(error) {
    const call = open
    if (call === null) return
    open = null
    clearTimeout(call.timer)
    const { status, started, firstAt, marks, tail } = call
    call.resolve({ error, status, ms: now() - started, firstMs: firstAt === null ? null : firstAt - started, marks, tail })
  }

  socket.on('error', finish)
  socket.on('close', () => finish(new Error('closed')))
  socket.on('data', (data) => {
    if (open !== null && read(open, data)) finish(null)
  })

  return {
    get usable() {
      return !socket.destroyed
    },
    send(bytes) {
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          finish(new Error('timeout'))
          socket.destroy()
        }, TIMEOUT_MS)
        open = {
          resolve,
          timer,
          started: now(),
          firstAt: null,
          marks: 0,
          status: 0,
          head: null,
          left: 0,
          chunked: null,
          line: '',
          part: 'size',
          tail: '',
        }
        socket.write(bytes)
      })
    },
    close: () => socket.destroy(),
  }
}

/** Takes in what has come; true at the end of the answer. */
function read(call, data) {
  if (call.chunked === null) {
    const all = call.head === null ? data : Buffer.concat([call.head, data])
    const end = all.indexOf('\r\n\r\n')
    if (end < 0) {
      call.head = all
      return false
    }
    const head = all.latin1Slice(0, end).toLowerCase()
    call.status = Number(head.slice(9, 12))
    call.chunked = head.includes('transfer-encoding: chunked')
    call.left = Number(/\r\ncontent-length: *(\d+)/.exec(head)?.[1] ?? 0)
    return readBody(call, all.subarray(end + 4))
  }
  return readBody(call, data)
}

function readBody(call, data) {
  if (call.chunked) return readChunks(call, data)
  count(call, data)
  call.left -= data.length
  return call.left <= 0
}

function readChunks(call, data) {
  let at = 0
  while (at < data.length) {
    if (call.part === 'data') {
      const n = Math.min(call.left, data.length - at)
      count(call, data.subarray(at, at + n))
      at += n
      call.left -= n
      if (call.left === 0) call.part = 'size'
      continue
    }
    const newline = data.indexOf(10, at)
    if (newline < 0) {
      call.line += data.latin1Slice(at)
      return false
    }
    const line = (call.line + data.latin1Slice(at, newline)).trim()
    call.line = ''
    at = newline + 1
    if (call.part === 'end') {
      if (line === '') return true
    } else if (line !== '') {
      call.left = Number.parseInt(line, 16)
      call.part = call.left === 0 ? 'end' : 'data'
    }
  }
  return false
}

function count(call, data) {
  let at = data.indexOf(MARK)
  if (at >= 0) call.firstAt ??= now()
  for (; at >= 0; at = data.indexOf(MARK, at + 1)) call.marks++
  if (call.status !== 200) call.tail = (call.tail + data.toString('latin1', 0, 300)).slice(0, 300)
}
