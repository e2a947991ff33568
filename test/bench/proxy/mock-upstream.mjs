// A provider that costs next to nothing: OpenAI chat and Anthropic messages, JSON and SSE. A process of its own, steered over IPC by
// { chunks, bytes, delayMs }; every content chunk starts with '~', by which clients count. It answers 'stats' with its counters.
import http from 'node:http'

const FILL = 'the quick brown fox jumps over a lazy dog and then writes some more plausible words '.repeat(20)
const REPLY = `~${FILL.slice(0, 399)}`
let shape = { chunks: 20, bytes: 16, delayMs: 0 }
const seen = { requests: 0, streams: 0 }

const server = http.createServer((req, res) => {
  const parts = []
  req.on('data', (part) => parts.push(part))
  req.on('end', () => answer(req.url.endsWith('/messages'), parts.length === 1 ? parts[0] : Buffer.concat(parts), res))
})
server.keepAliveTimeout = 60_000

// A quote inside a JSON string is escaped, so these bytes match real keys only; no parse needed.
function answer(anthropic, body, res) {
  const id = (++seen.requests).toString(36).padStart(12, '0')
  const tokens = body.length >> 2
  if (body.includes('"stream":true')) {
    seen.streams++
    const parts = anthropic ? anthropicStream(id, tokens) : openaiStream(id, tokens, body.includes('"include_usage":true'))
    stream(parts, shape, res)
    return
  }
  const text = anthropic ? anthropicJson(id, tokens) : openaiJson(id, tokens)
  res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
  res.end(text)
}

const usageOf = (tokens) =>
  `{"prompt_tokens":${tokens},"completion_tokens":100,"total_tokens":${tokens + 100},"prompt_tokens_details":{"cached_tokens":0}}`
const openaiJson = (id, tokens) =>
  `{"id":"chatcmpl-${id}","object":"chat.completion","created":1760000000,"model":"mock","choices":[{"index":0,"message":{"role":"assistant","content":"${REPLY}","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":${usageOf(tokens)},"service_tier":"default","system_fingerprint":"fp_mock"}`
const anthropicJson = (id, tokens) =>
  `{"id":"msg_${id}","type":"message","role":"assistant","model":"mock","content":[{"type":"text","text":"${REPLY}"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":${tokens},"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":100}}`

function openaiStream(id, tokens, withUsage) {
  const head = `data: {"id":"chatcmpl-${id}","object":"chat.completion.chunk","created":1760000000,"model":"mock","system_fingerprint":"fp_mock","choices":`
  const usage = withUsage ? `${head}[],"usage":${usageOf(tokens)}}\n\n` : ''
  return {
    open: `${head}[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}\n\n`,
    chunk: `${head}[{"index":0,"delta":{"content":"~${FILL.slice(0, shape.bytes - 1)}"},"logprobs":null,"finish_reason":null}]}\n\n`,
    close: `${head}[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]}\n\n${usage}data: [DONE]\n\n`,
  }
}

function anthropicStream(id, tokens) {
  const event = (type, rest) => `event: ${type}\ndata: {"type":"${type}"${rest}}\n\n`
  const message = `{"id":"msg_${id}","type":"message","role":"assistant","model":"mock","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":${tokens},"output_tokens":1}}`
  return {
    open:
      event('message_start', `,"message":${message}`) +
      event('content_block_start', ',"index":0,"content_block":{"type":"text","text":""}'),
    chunk: event('content_block_delta', `,"index":0,"delta":{"type":"text_delta","text":"~${FILL.slice(0, shape.bytes - 1)}"}`),
    close:
      event('content_block_stop', ',"index":0') +
      event('message_delta', ',"delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":100}') +
      event('message_stop', ''),
  }
}

/** One write a turn of the event loop, or one every `delayMs`. */
function stream({ open, chunk, close }, { chunks, delayMs }, res) {
  res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
  res.write(open)
  let sent = 0
  const step = () => {
    if (res.destroyed) return
    if (sent++ === chunks) {
      res.end(close)
      return
    }
    const flows = res.write(chunk)
    if (delayMs > 0) setTimeout(step, delayMs)
    else if (flows) setImmediate(step)
    else res.once('drain', step)
  }
  step()
}

process.on('message', (message) => {
  if (message !== 'stats') shape = { ...shape, ...message }
  process.send({ kind: 'stats', ...seen })
})
process.on('disconnect', () => process.exit(0))
server.listen(0, '127.0.0.1', () => process.send({ kind: 'listening', port: server.address().port }))
