import { configFolder } from '../../config/index.js'
import { table } from '../../kit/index.js'
import { CLIENTS, type ClientState, lookAtClient, thisMachine } from '../../setup/index.js'
import type { Cli } from '../cli.js'
import { lookOf } from '../paint.js'
import { print, printJson } from '../say.js'

/** Every client, whether it is here, and where it points. */
export async function listClients(cli: Cli): Promise<void> {
  const folder = await configFolder(cli.io.env)
  const states = CLIENTS.map((client) => lookAtClient(client, thisMachine(cli.io.env, cli.io.cwd), folder))
  if (cli.globals().json)
    return printJson(
      cli,
      states.map(({ client, ...state }) => ({ client: client.id, title: client.title, writable: client.files !== undefined, ...state })),
    )
  const look = lookOf(cli.io)
  const { paint } = look
  await print(
    cli,
    table<ClientState>(states, look, [
      { head: 'CLIENT', cell: ({ client }) => client.id },
      { head: '', leave: 1, cell: ({ client }) => client.title },
      { head: 'HERE', leave: 3, cell: ({ installed }) => (installed ? 'yes' : paint.dim('—')) },
      { head: '--write', leave: 2, cell: ({ client }) => (client.files === undefined ? paint.dim('by hand') : 'yes') },
      { head: 'POINTS AT', flexible: true, cell: (state) => whereTo(state) ?? paint.dim('—') },
    ]),
  )
}

function whereTo({ pointsAt, connectedTo, unreadable }: ClientState): string | null {
  if (unreadable !== null) return `unreadable: ${unreadable}`
  if (connectedTo !== null)
    return pointsAt === connectedTo ? `${pointsAt} (connected)` : `${pointsAt ?? 'nothing'} (was connected to ${connectedTo})`
  return pointsAt
}
