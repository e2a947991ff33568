import type { Command } from 'commander'
import { checkConfig, unsetSecrets } from '../../config/index.js'
import { Fault } from '../../kit/index.js'
import { type Cli, examples } from '../cli.js'
import { loadForCli, loadSetup } from '../load-setup.js'
import { print, printJson } from '../say.js'

export function define(command: Command, cli: Cli): void {
  const show = command.command('show').description('show the configuration with defaults filled in and secrets hidden')
  show.action(async () => {
    const { config, path } = await loadForCli(cli)
    const shown = { path, config: withoutSecrets(config) }
    return cli.globals().json
      ? printJson(cli, shown)
      : print(cli, `# ${path ?? 'no configuration file: defaults'}\n${JSON.stringify(shown.config, null, 2)}`)
  })
  examples(show, 'llmroute config show')

  const check = command.command('check').description('check whether the configuration is valid and show the result')
  check.action(() =>
    sayWhatItGives(cli).catch(async (error: unknown) => {
      if (cli.globals().json && error instanceof Fault && error.code === 'E_CONFIG')
        await printJson(cli, { valid: false, error: error.message, hint: error.hint ?? null })
      throw error
    }),
  )
  examples(check, 'llmroute config check')

  const path = command.command('path').description('show where the configuration was found')
  path.action(async () => {
    const loaded = await loadForCli(cli)
    return cli.globals().json
      ? printJson(cli, { path: loaded.path, folder: loaded.folder })
      : print(cli, loaded.path ?? 'none: defaults apply')
  })
  examples(path, 'llmroute config path')
  examples(command, 'llmroute config check')
}

async function sayWhatItGives(cli: Cli): Promise<void> {
  const { loaded, pool, policies } = await loadSetup(cli)
  const findings = [...unsetSecrets(loaded.config, cli.io.env), ...checkConfig({ config: loaded.config, pool, policies })]
  const warnings = findings.map(({ path, text }) => `${path}: ${text}`)
  const models = pool.models.map(({ id }) => id)
  if (cli.globals().json)
    return printJson(cli, {
      valid: true,
      path: loaded.path,
      origin: pool.origin,
      models,
      profiles: Object.keys(policies),
      default: loaded.config.default,
      warnings,
    })
  await print(
    cli,
    [
      `${loaded.path ?? 'No configuration file; the defaults'}: valid`,
      `Pool: ${models.join(', ')} (${pool.origin})`,
      `Profiles: ${Object.keys(policies).join(', ')}; default ${loaded.config.default}`,
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
