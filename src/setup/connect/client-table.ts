import { didYouMean } from '../../catalog/index.js'
import { Fault } from '../../kit/index.js'
import type { Client } from './client.js'
import { AGENTS } from './clients/agents.js'
import { EDITORS } from './clients/editors.js'
import { LIBRARIES } from './clients/libraries.js'

/** Every client that `connect` knows, agents first. */
export const CLIENTS: readonly Client[] = [...AGENTS, ...EDITORS, ...LIBRARIES]

/** Throws E_USAGE naming the closest known names. */
export function clientNamed(name: string): Client {
  const found = CLIENTS.find((client) => client.id === name.toLowerCase())
  if (found !== undefined) return found
  const ids = CLIENTS.map((client) => client.id)
  throw new Fault('E_USAGE', `There is no client '${name}'.`, {
    hint: `${didYouMean(name, ids) ?? `Known: ${ids.join(', ')}.`} See \`llmroute connect --list\`.`,
  })
}
