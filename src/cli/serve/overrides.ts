import { configFolder, type Overrides } from '../../config/index.js'
import { chooseTunnel, thisMachine, tunnelToken } from '../../setup/index.js'
import type { Cli } from '../cli.js'
import type { ServeOptions } from '../commands/serve.js'

/** What the command line says over the configuration. Throws E_USAGE for a tunnel that cannot be had. */
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
