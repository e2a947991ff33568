import { configFolder, type Overrides } from '../../config/index.js'
import { chooseTunnel, thisMachine, tunnelToken } from '../../setup/index.js'
import type { Cli } from '../cli.js'
import type { ServeOptions } from '../commands/serve.js'

/** Settings on the command line that override the configuration. Throws E_USAGE when a tunnel is not possible. */
export async function serveOverrides(cli: Cli, { sandbox, tunnel }: ServeOptions): Promise<Overrides> {
  const { env, cwd } = cli.io
  return {
    ...(sandbox ? { sandbox: true } : {}),
    ...(tunnel === undefined
      ? {}
      : {
          tunnel: {
            command: chooseTunnel(thisMachine(env, cwd), tunnel === true ? undefined : tunnel).command,
            token: tunnelToken(await configFolder(env)),
          },
        }),
  }
}
