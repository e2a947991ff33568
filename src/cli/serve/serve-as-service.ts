import { asFault } from '../../kit/index.js'
import type { Cli } from '../cli.js'
import type { ServeOptions } from '../commands/serve.js'
import { exitCodeOf, showError } from '../show-error.js'
import { serveHere } from './serve-here.js'

/**
 * For service managers that know only one way to leave a program alone: that it ended well. A configuration that is wrong, or a
 * ledger of a newer version, would be as wrong ten seconds later.
 */
export async function serveAsService(cli: Cli, options: ServeOptions): Promise<void> {
  try {
    await serveHere(cli, options)
  } catch (error) {
    const fault = asFault(error)
    if (exitCodeOf(fault.code) !== 2 && !fault.final) throw error
    showError(error, [], cli.io)
    cli.io.stderr.write(
      'llmroute: It is not started again until the next login; `launchctl kickstart gui/$UID/dev.llmroute.daemon` does it now.\n',
    )
  }
}
