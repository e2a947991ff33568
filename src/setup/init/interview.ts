import { chatModels, providers as known, type PriceBook } from '../../catalog/index.js'
import { judgeKey } from '../judge-key.js'
import { type Choices, type Proposal, propose, readyMadeProfiles } from './propose.js'
import { about } from './render-config.js'
import type { Scan } from './scan-machine.js'

export interface Option {
  readonly value: string
  readonly label: string
  readonly hint?: string
}

/** A terminal to ask on. Each answer rejects with E_CANCELLED when the person gives up. */
export interface Questions {
  choose(question: string, options: readonly Option[], first: string): Promise<string>
  chooseMany(question: string, options: readonly Option[], chosen: readonly string[]): Promise<readonly string[]>
  /** An answer that is not shown; empty when it is skipped. `check` says what is wrong with it. */
  secret(question: string, check: (value: string) => string | null): Promise<string>
  confirm(question: string, proposed: boolean): Promise<boolean>
}

export interface Interview {
  readonly proposal: Proposal
  readonly typed: Readonly<Record<string, string>>
  /** Whether keys of the environment go into keys.env too. */
  readonly keep: boolean
}

/** Goes through the choices with a person; what the command line has decided is not asked again. */
export async function interview(
  scan: Scan,
  choices: Choices & { readonly keep?: boolean | undefined },
  { questions, prices }: { readonly questions: Questions; readonly prices: PriceBook | null },
): Promise<Interview> {
  const found = [...scan.keys, ...scan.servers].map(({ provider }) => provider.id)
  const providers = choices.providers ?? (choices.models ? undefined : await askProviders(questions, scan, found))
  const typed = await askKeys(questions, scan, providers ?? [])
  const offered = propose(scan, { ...choices, providers }, prices)
  const models =
    choices.models ??
    (offered.models.length === 0
      ? undefined
      : await questions.chooseMany(
          'Which models may be chosen?',
          offered.models.map((model) => ({ value: model.id, label: model.id, hint: about(model) })),
          offered.models.map(({ id }) => id),
        ))
  const pool = propose(scan, { ...choices, providers, models }, prices)
  const baseline = choices.baseline ?? (await askBaseline(questions, pool))
  const profile = choices.profile ?? (await questions.choose('How should calls be routed unless they say?', profileOptions(), 'balanced'))
  const loose = scan.keys.filter(({ provider, kept }) => !kept && (providers ?? found).includes(provider.id))
  const keep =
    choices.keep ??
    (loose.length > 0 &&
      (await questions.confirm(
        `Keep ${loose.map(({ variable }) => variable).join(', ')} in a file for you alone, so that a background service has them after a reboot?`,
        false,
      )))
  return { proposal: propose(scan, { providers, models, baseline, profile }, prices), typed, keep }
}

async function askProviders(questions: Questions, { keys, servers }: Scan, found: readonly string[]): Promise<readonly string[]> {
  const hints = new Map([
    ...keys.map(({ provider, variable }) => [provider.id, `${variable} is set`] as const),
    ...servers.map(({ provider, models }) => [provider.id, `running here with ${models.length} models`] as const),
  ])
  const options = Object.values(known)
    .filter(({ id, local }) => id !== 'sandbox' && (!local || found.includes(id)))
    .map(({ id, title }) => ({ value: id, label: title, hint: hints.get(id) ?? 'needs a key' }))
    .toSorted((a, b) => Number(found.includes(b.value)) - Number(found.includes(a.value)))
  return questions.chooseMany('Whose models do you want to use?', options, found)
}

async function askKeys(questions: Questions, { keys }: Scan, providers: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const typed: Record<string, string> = {}
  for (const id of providers) {
    const { title, env, local } = known[id] ?? { title: id, env: [], local: true }
    const [variable] = env
    if (local || variable === undefined || keys.some(({ provider }) => provider.id === id)) continue
    const value = await questions.secret(`Key for ${title} (${variable}); empty to set it later`, (key) => {
      const problem = judgeKey(id, key.trim())
      return problem?.degree === 'wrong' ? `This ${problem.text}.` : null
    })
    if (value.trim() !== '') typed[variable] = value.trim()
  }
  return typed
}

async function askBaseline(questions: Questions, { models, baseline }: Proposal): Promise<string | undefined> {
  const chat = chatModels(models)
  if (baseline === null || chat.length < 2) return baseline ?? undefined
  return questions.choose(
    'Which one would you use for everything without a router? Savings are measured against it.',
    chat.map((model) => ({ value: model.id, label: model.id, hint: about(model) })),
    baseline,
  )
}

const MEANINGS: Readonly<Record<string, string>> = {
  economy: 'cost first',
  balanced: 'quality and cost',
  quality: 'quality first',
  fast: 'speed first',
}

function profileOptions(): readonly Option[] {
  return readyMadeProfiles().map((name) => ({ value: name, label: name, hint: MEANINGS[name] ?? `for ${name}` }))
}
