import type { Command } from 'commander'
import { createLocalKey, localKeysPath, readLocalKeys, revokeLocalKey, type StoredKey } from '../../config/index.js'
import { Fault, table } from '../../kit/index.js'
import { type Cli, examples, unknownProfile } from '../cli.js'
import { loadForCli, loadSetup } from '../load-setup.js'
import { ledgerPath } from '../open-ledger.js'
import { lookOf } from '../paint.js'
import { tellDaemon } from '../running-daemon.js'
import { answer } from '../say.js'

interface CreateOptions {
  readonly name?: string
  readonly tier?: string
  readonly profile?: string
  readonly budget?: string
}

export function define(command: Command, cli: Cli): void {
  const create = command
    .command('create')
    .description('create a key; from the first one on, clients must send one')
    .argument('[name]', 'what it is called in lists and reports')
    .option('--name <name>', 'the name, as an option')
    .option('--tier <tier>', 'tier of its calls, for rules')
    .option('--profile <profile>', 'profile of its calls that name none')
    .option('--budget <budget>', 'spending limit, such as 5/day, 20/month or 100')
  create.action((name: string | undefined, options: CreateOptions) => {
    if (name !== undefined && options.name !== undefined)
      throw new Fault('E_USAGE', `The key has two names, '${name}' and '${options.name}'.`, { hint: 'Give one of them.' })
    return createKey(cli, { ...(name === undefined ? {} : { name }), ...options })
  })
  examples(create, 'llmroute keys create --name alice --tier premium --profile quality --budget 5/day')

  const list = command.command('list').description('list keys and what they allow')
  list.action(async () => {
    const keys = readLocalKeys(localKeysPath(await loadForCli(cli)))
    return answer(cli, keys.map(shown), () =>
      keys.length === 0 ? 'There are no keys: any client on this machine is accepted.' : keyTable(keys, cli),
    )
  })
  examples(list, 'llmroute keys list')

  const revoke = command.command('revoke').description('revoke a key').argument('<name>', 'its name')
  revoke.action(async (name: string) => {
    const loaded = await loadForCli(cli)
    const key = revokeLocalKey(localKeysPath(loaded), name, Date.now())
    // Budgets are resolved when a daemon starts; keys themselves are looked up each time.
    await tellDaemon(cli, await ledgerPath(cli, loaded.config))
    return answer(cli, shown(key), () => `${name} is revoked. Its calls stay in the ledger.`)
  })
  examples(revoke, 'llmroute keys create --name bob && llmroute keys revoke bob')
  examples(command, 'llmroute keys list')
}

async function createKey(cli: Cli, { name, tier, profile, budget }: CreateOptions): Promise<void> {
  const { loaded, policies } = await loadSetup(cli)
  if (profile !== undefined && policies[profile] === undefined) throw unknownProfile(profile, Object.keys(policies))
  const path = localKeysPath(loaded)
  const before = readLocalKeys(path)
  const wish = {
    name: name ?? `key-${before.length + 1}`,
    tier: tier ?? null,
    profile: profile ?? null,
    budget: budget ?? null,
  }
  const { key, stored } = createLocalKey(path, wish, Date.now())
  await tellDaemon(cli, await ledgerPath(cli, loaded.config))
  const first = before.length === 0 && loaded.config.server.key === undefined
  const from = first ? ' From now on clients must send a key.' : ''
  const said = `${key}\n\nThis is the key of ${stored.name}. It is shown once; only a hash is kept.${from}`
  return answer(cli, { key, ...shown(stored) }, () => said)
}

function shown({ hash: _hash, ...key }: StoredKey): Omit<StoredKey, 'hash'> {
  return key
}

function keyTable(keys: readonly StoredKey[], cli: Cli): string {
  const look = lookOf(cli.io)
  return table<StoredKey>(keys, look, [
    { head: 'NAME', flexible: true, cell: (k) => k.name },
    { head: 'TIER', leave: 2, cell: (k) => k.tier ?? '—' },
    { head: 'PROFILE', leave: 3, cell: (k) => k.profile ?? '—' },
    { head: 'BUDGET', leave: 4, cell: (k) => (k.budget === null ? '—' : `$${k.budget.usd}/${k.budget.per}`) },
    { head: 'CREATED', leave: 1, cell: (k) => k.createdAt.slice(0, 10) },
    { head: '', cell: (k) => (k.revokedAt === null ? '' : look.paint.red('revoked')) },
  ])
}
