import { configFolder } from '../../config/index.js'
import { asFault } from '../../kit/index.js'
import { changesSince, clientNamed, disconnectClient } from '../../setup/index.js'
import type { Cli } from '../cli.js'
import type { ConnectOptions } from '../commands/connect.js'
import { paintFor } from '../paint.js'
import { print, printJson, remark } from '../say.js'
import { showChange } from './show-connection.js'

/** Puts the settings of a client back; shows what changed since when that is in the way. */
export async function disconnect(cli: Cli, name: string, options: ConnectOptions): Promise<void> {
  const client = clientNamed(name)
  const folder = await configFolder(cli.io.env)
  try {
    const onChanged = options.force ? 'overwrite' : options.keep ? 'keep' : 'refuse'
    const restored = disconnectClient(client, { configFolder: folder, onChanged })
    if (cli.globals().json) return await printJson(cli, { client: client.id, restored })
    const how = options.keep ? 'Without the settings of llmroute' : 'As before'
    return await print(cli, restored.length === 0 ? 'Its settings are already restored.' : `${how}: ${restored.join(', ')}`)
  } catch (error) {
    if (asFault(error).code === 'E_CONFLICT')
      for (const change of changesSince(client, folder))
        remark(cli, `Changed since it was written:\n${showChange(change, paintFor(cli.io))}`)
    throw error
  }
}
