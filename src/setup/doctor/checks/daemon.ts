import { httpAddress } from '../../../control/index.js'
import { Fault } from '../../../kit/index.js'
import { type Check, error, note, ok, warning } from '../finding.js'

/** The daemon of this ledger, or whether one could start. */
export const checkDaemon: Check = async ({ daemon, loaded, version, ports }) => {
  if (daemon !== null) {
    const { url, pid, version: its, config } = daemon.status
    const findings = [ok(`Listening at ${url} (process ${pid})`)]
    const restart = '`llmroute stop`, then `llmroute serve --detach`'
    if (its !== version) findings.push(warning(`The daemon is version ${its}, this program ${version}.`, `Restart it: ${restart}.`))
    if (!(loaded instanceof Fault) && loaded.path !== null && config.path !== loaded.path)
      findings.push(
        warning(`It uses ${config.path ?? 'no configuration file'}, not ${loaded.path}.`, `To use the latter: ${restart} from here.`),
      )
    if (config.error !== null)
      findings.push(
        error(
          `It keeps an earlier configuration, since the new one was refused: ${config.error}`,
          'Correct the file; it is read again by itself.',
        ),
      )
    return findings
  }
  if (loaded instanceof Fault) return []
  const { host, port } = loaded.config.server
  if (port === 0 || (await ports.isPortFree(host, port)))
    return [note(`No daemon runs; port ${port} is free.`, 'Start one with `llmroute serve --detach`.')]
  const other = await ports.reach(`${httpAddress(host, port)}/health`).then(
    ({ status }) => status === 200,
    () => false,
  )
  return [
    other
      ? warning(
          `Port ${port} is held by a server of another ledger, or by another program.`,
          'Name its ledger with --db, or set server.port.',
        )
      : error(`Port ${port} is held by another program.`, 'Set server.port to another one, or end that program.'),
  ]
}
