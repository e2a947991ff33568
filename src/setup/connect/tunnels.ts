import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { didYouMean } from '../../catalog/index.js'
import { Fault } from '../../kit/index.js'
import { findProgram, type Machine } from '../machine.js'
import { readState, replaceFile, textOf } from './client-file.js'

/** A program that gives a local port a public HTTPS address. */
interface TunnelProgram {
  readonly id: string
  /** `{port}` stands for the port. */
  readonly command: readonly string[]
  /** What has to be done once before it works. */
  readonly needs: string
}

/** Those that need no account first. */
export const TUNNELS: readonly TunnelProgram[] = [
  {
    id: 'cloudflared',
    command: ['cloudflared', 'tunnel', '--no-autoupdate', '--url', 'http://127.0.0.1:{port}'],
    needs: 'no account; the address changes with every start',
  },
  { id: 'tailscale', command: ['tailscale', 'funnel', '{port}'], needs: 'a tailnet with Funnel allowed; the address stays' },
  { id: 'ngrok', command: ['ngrok', 'http', '{port}', '--log', 'stdout'], needs: 'an account (`ngrok config add-authtoken`)' },
]

/** The program named, or the first that is installed. Throws E_USAGE saying what to install. */
export function chooseTunnel(machine: Machine, name?: string): TunnelProgram {
  const installed = TUNNELS.filter(({ id }) => findProgram(id, machine) !== null)
  if (name === undefined) {
    if (installed[0] !== undefined) return installed[0]
    throw new Fault('E_USAGE', 'None of cloudflared, tailscale and ngrok is installed.', {
      hint: 'Install cloudflared, which needs no account, or set `tunnel` in the configuration for another program and leave --tunnel away.',
    })
  }
  const wanted = TUNNELS.find(({ id }) => id === name)
  if (wanted !== undefined && installed.includes(wanted)) return wanted
  if (wanted !== undefined) throw new Fault('E_USAGE', `${name} is not installed.`, { hint: 'Install it, or name another one.' })
  const known = TUNNELS.map(({ id }) => id)
  throw new Fault('E_USAGE', `'${name}' is no tunnel program that llmroute knows.`, {
    hint: didYouMean(name, known) ?? `Known: ${known.join(', ')}; set \`tunnel\` in the configuration for another.`,
  })
}

/** The credential for callers from outside, kept for the owner alone and made when there is none. */
export function tunnelToken(configFolder: string): string {
  const path = join(configFolder, 'tunnel.token')
  const kept = textOf(readState(path), path).trim()
  if (kept !== '') return kept
  const made = randomBytes(24).toString('hex')
  replaceFile(path, Buffer.from(`${made}\n`), 0o600)
  return made
}
