import { existsSync } from 'node:fs'
import { didYouMean } from '../catalog/index.js'
import type { ResolvedPolicy, Rule } from '../policy/types.js'
import { findDeadRules, labelOf } from './check-rules.js'
import { variableOf } from './credentials.js'
import type { Env } from './find-config.js'
import { poolSpelling } from './resolve-policies.js'
import type { Pool } from './resolve-pool.js'
import { type Config, sandboxSettings } from './schema/config.js'

/** Something in a valid configuration that is probably not meant. */
interface Finding {
  /** Dotted path of the setting. */
  readonly path: string
  /** One sentence saying what is wrong and what to do. */
  readonly text: string
}

interface Checked {
  readonly config: Config
  readonly pool: Pool
  readonly policies: Readonly<Record<string, ResolvedPolicy>>
}

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1|localhost)$/

/** Probable mistakes in a valid configuration: rules that cannot match, unknown names, missing keys, unpriced models. */
export function checkConfig({ config, pool, policies }: Checked): readonly Finding[] {
  const models = pool.models.map((model) => model.id)
  const missing = pool.missing.map((model) => model.id)
  const known = new Set([...models, ...missing])
  return [
    ...pool.missing.map(({ id, variables }) => ({ path: 'models', text: `${id} is left out: set ${variables.join(' or ')} to use it.` })),
    ...pool.warnings.map((text) => ({ path: 'keys.env', text })),
    ...pool.models
      .filter((model) => model.rates === null)
      .map(({ id }) => ({
        path: 'models',
        text: `${id} is unpriced: give its price, else its calls cost "unknown".${spaced(pool.guesses?.[id])}`,
      })),
    ...pool.references
      .filter((model) => model.rates === null)
      .map(({ id }) => ({ path: 'baseline', text: `The price of ${id} is not known, so savings against it cannot be told.` })),
    ...simulatedModels(config),
    ...deadRules(config),
    ...unknownModels(config, pool.sandbox ? null : known, models),
    ...namesWithoutMeaning(config, known, Object.keys(policies)),
    ...oddBudgets(config, Object.keys(policies)),
    ...carbonWithoutData(config, pool),
    ...openToTheNetwork(config),
    ...missingExamples(config),
  ]
}

function simulatedModels(config: Config): readonly Finding[] {
  if (config.models === undefined || sandboxSettings(config).enabled !== true) return []
  return [{ path: 'models', text: 'None of them is used while `sandbox` is on, since every answer is simulated: turn it off to use them.' }]
}

/** A missing file counts as one without examples, since `llmroute examples add` may not have made it yet. */
function missingExamples({ classifier: { examples: file } }: Config): readonly Finding[] {
  if (file === undefined || existsSync(file)) return []
  return [{ path: 'classifier', text: `There is no file of examples ${file}: \`llmroute examples add\` makes it.` }]
}

function ruleLists(config: Config): readonly (readonly [path: string, rules: readonly Rule[]])[] {
  const profiles = Object.entries(config.profiles).map(([name, profile]) => [`profiles.${name}.rules`, profile.rules ?? []] as const)
  return [['rules', config.rules], ...profiles]
}

/** A profile's own rules come before those of all profiles, so a rule may also be dead because of a profile's. That is its purpose, not a mistake. */
function deadRules(config: Config): readonly Finding[] {
  return ruleLists(config).flatMap(([path, rules]) =>
    findDeadRules(rules).map(({ index, why }) => ({
      path: `${path}[${index}]`,
      text: `${labelOf(rules, index)} can never decide: ${why}.`,
    })),
  )
}

function unknownModels(config: Config, known: ReadonlySet<string> | null, models: readonly string[]): readonly Finding[] {
  if (known === null) return []
  const spell = poolSpelling([...known])
  return modelsNamedIn(config)
    .filter(([, id]) => !id.startsWith('profile:') && !known.has(spell(id)))
    .map(([path, id]) => ({ path, text: `'${id}' is not in the pool.${suggest(id, models)}` }))
}

function modelsNamedIn(config: Config): readonly (readonly [path: string, id: string])[] {
  const used = ruleLists(config).flatMap(([path, rules]) =>
    rules.flatMap((rule, i) => [rule.use ?? []].flat().map((id) => [`${path}[${i}].use`, id] as const)),
  )
  const listed = Object.entries(config.profiles).flatMap(([name, { models = [], experiment, cascade, shadow }]) => {
    const judge = typeof cascade === 'object' ? cascade.judge : undefined
    return [
      ...models.map((id) => ['models', id] as const),
      ...(experiment?.arms ?? []).flatMap(({ model }, i) => (model === undefined ? [] : [[`experiment.arms[${i}].model`, model] as const])),
      ...(judge === undefined ? [] : [['cascade.judge.model', judge.model] as const]),
      ...(shadow === undefined ? [] : [['shadow.model', shadow.model] as const]),
    ].map(([key, id]) => [`profiles.${name}.${key}`, id] as const)
  })
  return [...used, ...listed]
}

function oddBudgets({ budgets }: Config, profiles: readonly string[]): readonly Finding[] {
  return budgets.flatMap(({ scope, action }, i) => {
    if (action === 'warn')
      return [
        {
          path: `budgets[${i}].action`,
          text: "Nothing is counted against it: give profiles a `budget` with `budgetAction: 'warn'` instead.",
        },
      ]
    const name = /^profile:(.+)$/s.exec(scope)?.[1]
    if (name === undefined || profiles.includes(name)) return []
    return [{ path: `budgets[${i}].scope`, text: `There is no profile '${name}'.${suggest(name, profiles)}` }]
  })
}

function namesWithoutMeaning(config: Config, known: ReadonlySet<string>, profiles: readonly string[]): readonly Finding[] {
  const spell = poolSpelling([...known])
  const virtual = new Set(['auto', ...profiles.map((name) => `auto:${name}`)])
  return Object.entries(config.aliases)
    .filter(([, target]) => !virtual.has(target) && !known.has(spell(target)))
    .map(([name, target]) => ({
      path: `aliases.${name}`,
      text: `'${target}' is neither a model of the pool nor a virtual model.${suggest(target, [...known, ...virtual])}`,
    }))
}

/** Secrets that a server cannot start without and whose variable is not set. */
export function unsetSecrets({ server, tunnel }: Config, env: Env): readonly Finding[] {
  const secrets = [
    ['server.key', server.key],
    ['tunnel.token', tunnel?.token],
  ] as const
  return secrets.flatMap(([path, secret]) => {
    const name = secret === undefined ? null : variableOf(secret)
    return name === null || env[name]?.trim() ? [] : [{ path, text: `${name} is not set, and without it the server does not start.` }]
  })
}

function carbonWithoutData(config: Config, pool: Pool): readonly Finding[] {
  const unknown = pool.models.filter((model) => model.kind === 'chat' && model.carbon === null).map((model) => model.id)
  if (unknown.length === 0) return []
  return Object.entries(config.profiles)
    .filter(([, profile]) => (profile.weights?.carbon ?? 0) > 0)
    .map(([name]) => ({
      path: `profiles.${name}.weights.carbon`,
      text: `Carbon is not known for ${unknown.join(', ')}: set models[].carbon to weigh it.`,
    }))
}

function openToTheNetwork({ server }: Config): readonly Finding[] {
  if (LOOPBACK.test(server.host) || server.key !== undefined) return []
  return [{ path: 'server.host', text: `${server.host} can be reached by others: set server.key.` }]
}

function suggest(name: string, names: readonly string[]): string {
  return spaced(didYouMean(name, names))
}

function spaced(guess: string | null | undefined): string {
  return guess == null ? '' : ` ${guess}`
}
