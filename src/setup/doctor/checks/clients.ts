import { CLIENTS } from '../../connect/client-table.js'
import { type ClientState, lookAtClient, originOf } from '../../connect/look-at-client.js'
import { type Check, error, type Found, note, ok, type Patient, warning } from '../finding.js'

const LOOPBACK = /^https?:\/\/(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])(?::|\/|$)/
const ADDRESS_VARIABLES = ['ANTHROPIC_BASE_URL', 'OPENAI_BASE_URL', 'OPENAI_API_BASE', 'GOOGLE_GEMINI_BASE_URL'] as const

/** Where the programs on this machine point, and whether a proxy answers there. */
export const checkClients: Check = async (patient) => {
  const states = CLIENTS.map((client) => lookAtClient(client, patient.machine, patient.configFolder))
  const relevant = states.filter(({ installed, connectedTo, client }) => client.files !== undefined && (installed || connectedTo !== null))
  return [...(await Promise.all(relevant.map((state) => examine(state, patient)))).flat(), ...(await variables(patient))]
}

async function examine(state: ClientState, patient: Patient): Promise<readonly Found[]> {
  const { client, connectedTo, pointsAt, unreadable } = state
  const again = `llmroute connect ${client.id} --write`
  if (unreadable !== null) return [warning(`${client.title}: ${unreadable}.`, 'Correct its settings.')]
  if (connectedTo !== null && pointsAt !== connectedTo)
    return [
      warning(
        `${client.title} was connected to ${connectedTo} but its settings name ${pointsAt ?? 'no address'} now.`,
        `\`${again}\`, or \`llmroute connect ${client.id} --undo --keep\` to let it go.`,
      ),
    ]
  if (pointsAt === null) return [note(`${client.title} is not connected.`, `\`${again}\``)]
  const overriding = (client.overriddenBy ?? []).filter((name) => overrides(patient.machine.env[name], pointsAt))
  return [
    await judge(`${client.title} points at ${pointsAt}`, pointsAt, patient, again),
    ...overriding.map((name) => warning(`${client.title}: ${name} in the environment goes before its settings.`, `unset ${name}`)),
  ]
}

/** A variable with an address counts only where it says something else. */
function overrides(value: string | undefined, pointsAt: string): boolean {
  return value !== undefined && value !== '' && originOf(value) !== pointsAt
}

async function judge(what: string, address: string, { daemon, ports }: Patient, again: string): Promise<Found> {
  if (daemon !== null && originOf(daemon.status.url) === address) return ok(what)
  if (!LOOPBACK.test(address)) return note(`${what}, not at this proxy.`, `\`${again}\``)
  const answers = await ports.reach(address).then(
    () => true,
    () => false,
  )
  if (!answers) return error(`${what}, where nobody answers.`, 'Start the daemon with `llmroute serve --detach`, or take the setting back.')
  return daemon === null
    ? note(`${what}, where something else answers.`)
    : warning(`${what}, but the daemon is at ${daemon.status.url}.`, `\`${again}\``)
}

/** Programs without settings of their own take these from the shell. */
async function variables(patient: Patient): Promise<readonly Found[]> {
  const set = ADDRESS_VARIABLES.flatMap((name) => {
    const value = patient.machine.env[name]
    return value && LOOPBACK.test(value) ? [{ name, address: originOf(value) }] : []
  })
  return Promise.all(set.map(({ name, address }) => judge(`${name} names ${address}`, address, patient, `unset ${name}`)))
}
