import type { Command } from 'commander'
import { checkConfig, unsetSecrets } from '../../config/index.js'
import { Fault } from '../../kit/index.js'
import { type Cli, examples } from '../cli.js'
import { loadForCli, loadSetup } from '../load-setup.js'
import { answer, printJson } from '../say.js'

export function define(command: Command, cli: Cli): void {
  const show = command.command('show').description('show the configuration with defaults filled in and secrets hidden')
  show.action(async () => {
    const { config, path } = await loadForCli(cli)
    const shown = withoutSecrets(config)
    return answer(cli, { path, config: shown }, () => `# ${path ?? 'no configuration file: defaults'}\n${JSON.stringify(shown, null, 2)}`)
  })
  examples(show, 'llmroute config show')

  const check = command.command('check').description('check whether the configuration is valid and show the result')
  check.action(() =>
    showOutcome(cli).catch(async (error: unknown) => {
      if (cli.globals().json && error instanceof Fault && error.code === 'E_CONFIG')
        await printJson(cli, { valid: false, error: error.message, hint: error.hint ?? null })
      throw error
    }),
  )
  examples(check, 'llmroute config check')

  const where = command.command('path').description('show where the configuration was found')
  where.action(async () => {
    const { path, folder } = await loadForCli(cli)
    return answer(cli, { path, folder }, () => path ?? 'none: defaults apply')
  })
  examples(where, 'llmroute config path')
  examples(command, 'llmroute config check')
}

async function showOutcome(cli: Cli): Promise<void> {
  const { loaded, pool, policies } = await loadSetup(cli)
  const findings = [...unsetSecrets(loaded.config, cli.io.env), ...checkConfig({ config: loaded.config, pool, policies })]
  const warnings = findings.map(({ path, text }) => `${path}: ${text}`)
  const models = pool.models.map(({ id }) => id)
  const profiles = Object.keys(policies)
  const { path, config } = loaded
  return answer(cli, { valid: true, path, origin: pool.origin, models, profiles, default: config.default, warnings }, () =>
    [
      `${path ?? 'No configuration file; the defaults'}: valid`,
      `Pool: ${models.join(', ')} (${pool.origin})`,
      `Profiles: ${profiles.join(', ')}; default ${config.default}`,
      ...warnings.map((warning) => `Warning: ${warning}`),
    ].join('\n'),
  )
}

/** Names under which a configuration holds credentials. */
const SECRET = /^(apiKey|key|token)$/

/** The value with every literal credential replaced; a reference such as `env:NAME` is no secret and says where to look. */
function withoutSecrets(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return (SECRET.test(name) && !value.startsWith('env:')) || name === 'headers' ? 'hidden' : value
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner, name === 'headers' ? 'headers' : key)]))
}
