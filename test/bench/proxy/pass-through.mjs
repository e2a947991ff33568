// What any proxy in Node has to pay: the body buffered, sent on with undici, the answer handed back as it comes. It reads and keeps nothing.
import http from 'node:http'
import { Agent } from 'undici'

const upstream = process.argv[2]
const agent = new Agent({ connections: 256, keepAliveTimeout: 60_000 })

const server = http.createServer((req, res) => {
  const parts = []
  req.on('data', (part) => parts.push(part))
  req.on('end', () => {
    const body = parts.length === 1 ? parts[0] : Buffer.concat(parts)
    const { host: _host, connection: _connection, ...headers } = req.headers
    agent
      .stream({ origin: upstream, path: req.url, method: 'POST', headers, body }, ({ statusCode, headers: answer }) => {
        const { connection: _c, 'transfer-encoding': _t, ...kept } = answer
        res.writeHead(statusCode, kept)
        return res
      })
      .catch(() => res.destroy())
  })
})
server.keepAliveTimeout = 60_000
process.on('disconnect', () => process.exit(0))
server.listen(0, '127.0.0.1', () => process.send({ kind: 'listening', port: server.address().port }))
