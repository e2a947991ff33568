import {
  ablest,
  DEFAULT_POOL,
  didYouMean,
  type KnownProvider,
  providers as known,
  type PriceBook,
  resolveModel,
} from '../../catalog/index.js'
import { profileSettings, validateConfig } from '../../config/index.js'
import { Fault } from '../../kit/index.js'
import type { Scan } from './scan-machine.js'

/** What the user has decided already; the rest is proposed. */
export interface Choices {
  readonly providers?: readonly string[] | undefined
  readonly models?: readonly string[] | undefined
  readonly baseline?: string | undefined
  readonly profile?: string | undefined
}

export type Proposal = Readonly<ReturnType<typeof propose>>

/** A local server may offer any number of models; a pool of more is of no use. */
const MOST_LOCAL = 12

/** A pool, baseline and profile for what was found. Throws E_USAGE for a choice that means nothing. */
export function propose(scan: Scan, choices: Choices, prices: PriceBook | null) {
  const providers = chosenProviders(scan, choices)
  const ids = choices.models ?? providers.flatMap((provider) => readyMade(scan, provider))
  const models = ids.map((id) => resolveModel({ id }, { provider: providerOf(id), prices }))
  if (choices.baseline !== undefined) providerOf(choices.baseline)
  return {
    providers,
    /** The pool; empty when nothing was found and nothing chosen. */
    models,
    /** Id of the model that savings are measured against; null without a pool. */
    baseline: choices.baseline ?? ablest(models)?.id ?? null,
    profile: checkedProfile(choices.profile ?? 'balanced'),
    aliases: Object.fromEntries(scan.agents.flatMap(({ client }) => client.asksFor ?? []).map((name) => [name, 'auto'] as const)),
  }
}

export function readyMadeProfiles(): readonly string[] {
  return Object.keys(profileSettings(validateConfig({}, null)))
}

function chosenProviders(scan: Scan, { providers, models }: Choices): readonly KnownProvider[] {
  const ids =
    providers ?? (models ? models.map((id) => providerOf(id).id) : [...scan.keys, ...scan.servers].map(({ provider }) => provider.id))
  return [...new Set(ids)].map(providerNamed)
}

function providerOf(id: string): KnownProvider {
  const slash = id.indexOf('/')
  if (slash > 0 && slash < id.length - 1) return providerNamed(id.slice(0, slash))
  throw new Fault('E_USAGE', `'${id}' is no model.`, { hint: 'Write it as provider/name, such as openai/gpt-5-mini.' })
}

function providerNamed(id: string): KnownProvider {
  const provider = known[id]
  if (provider !== undefined && id !== 'sandbox') return provider
  const ids = Object.keys(known).filter((name) => name !== 'sandbox')
  throw new Fault('E_USAGE', `'${id}' is no known provider.`, {
    hint: didYouMean(id, ids) ?? `Known: ${ids.join(', ')}. Others can be added to the file by hand.`,
  })
}

function readyMade({ servers }: Scan, { id, local }: KnownProvider): readonly string[] {
  const names = local ? servers.find(({ provider }) => provider.id === id)?.models.slice(0, MOST_LOCAL) : DEFAULT_POOL[id]
  return (names ?? []).map((name) => `${id}/${name}`)
}

function checkedProfile(name: string): string {
  const names = readyMadeProfiles()
  if (names.includes(name)) return name
  throw new Fault('E_USAGE', `'${name}' is no ready-made profile.`, {
    hint: `Choose one of ${names.join(', ')}; your own go into the file.`,
  })
}
