import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'
import { bareEnvironment } from '../scratch-folder.mjs'
import { startProgram } from './processes.mjs'

/** Other gateways from the npm registry that run from one command and can be pointed at the mock. */
const PEERS = [
  {
    name: 'portkey',
    package: '@portkey-ai/gateway@1.15.2',
    // The oldest that it takes: with newer ones every stream is a 500.
    overrides: { hono: '4.9.7', '@hono/node-server': '1.3.3' },
    entry: 'node_modules/@portkey-ai/gateway/build/start-server.js',
    args: (port) => [`--port=${port}`, '--headless'],
    ready: /ready|running|listening|http:\/\//i,
    formats: ['openai'],
    headers: (upstream) => ({ 'x-portkey-provider': 'openai', 'x-portkey-custom-host': `http://127.0.0.1:${upstream}/v1` }),
  },
]

/** Installs and starts them; one that cannot be had is named and left out. */
export async function startPeers(folder, upstreamPort, say) {
  const started = []
  for (const peer of PEERS) {
    try {
      started.push(await start(peer, join(folder, peer.name), upstreamPort))
    } catch (error) {
      say(`  ${peer.name} is left out: ${error.message}`)
    }
  }
  return started
}

async function start(peer, folder, upstreamPort) {
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, overrides: peer.overrides }))
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { status, stderr } = spawnSync(npm, ['install', '--no-audit', '--no-fund', peer.package], { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(`npm install failed: ${stderr?.slice(0, 200)}`)
  const port = await freePort()
  const running = await startProgram(join(folder, peer.entry), peer.args(port), {
    cwd: folder,
    env: { ...bareEnvironment(folder), TRUSTED_CUSTOM_HOSTS: '127.0.0.1,localhost' },
    ready: (said) => (peer.ready.test(said) ? port : null),
  })
  return { ...running, name: peer.name, model: 'mock', formats: peer.formats, headers: peer.headers(upstreamPort) }
}

function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
