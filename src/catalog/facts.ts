import type { Effort } from '../canonical/index.js'
import { MODEL_FACTS } from './data/model-facts.data.js'
import { plainName } from './model-name.js'

/** Public facts about one model; null where nothing was found. */
export interface ModelFacts {
  readonly id: string
  readonly also?: readonly string[]
  /** ISO date, a month or a day. */
  readonly released: string | null
  /** Tokens. */
  readonly window: number | null
  readonly maxOutput: number | null
  readonly image: boolean | null
  readonly tools: boolean | null
  readonly reasoning: boolean
  readonly efforts: readonly Effort[]
  /** Shortest prefix that its cache keeps, tokens. */
  readonly cacheMin: number | null
  /** The configuration of a call that sets nothing: speed and ability are of this one. */
  readonly config: string
  /** Milliseconds to the first token and tokens per second. */
  readonly speed: readonly [ttftMs: number, tokensPerSecond: number] | null
  readonly verbosity: number
  /** Raw ability and standard error by group, in the order of ABILITY_GROUPS; null for a group the model cannot do or nobody measured. */
  readonly ability: readonly (readonly [mean: number, se: number] | null)[]
  readonly basis: 'measured' | 'regressed'
  /** Keys of SOURCES. */
  readonly src: string
}

let byName: ReadonlyMap<string, ModelFacts> | undefined

/** A name without the year and month that distinguish versions at Mistral, xAI and others means the newest version. */
const VERSION = /-(?:2[3-9][01]\d|[01]\d[0-3]\d)$/

function index(): ReadonlyMap<string, ModelFacts> {
  const map = new Map<string, ModelFacts>()
  const add = (name: string, facts: ModelFacts): void => {
    if (!map.has(name)) map.set(name, facts)
  }
  const newestFirst = [...MODEL_FACTS].sort((a, b) => (b.released ?? '').localeCompare(a.released ?? ''))
  for (const facts of newestFirst) for (const name of namesOf(facts)) add(plainName(name), facts)
  for (const facts of newestFirst)
    for (const name of namesOf(facts)) for (const spelling of spellings(name)) add(spelling.replace(VERSION, ''), facts)
  return map
}

function namesOf(facts: ModelFacts): readonly string[] {
  return [facts.id, ...(facts.also ?? [])]
}

/** Words that name a way of serving a model rather than another model; month and day of a refresh too. */
const SERVING =
  /-(?:latest|preview|free|instruct|it|turbo|versatile|instant|maas|highspeed|exp|beta|hf|fp8|basic|batch|us|eu|(?:0\d|1[0-2])[0-3]\d)$/

/**
 * The plain name, and the names that remain as suffixes for ways of serving it are removed one by one. `-fast` is a separate model at xAI.
 */
function spellings(name: string): readonly string[] {
  const found = [plainName(name)]
  for (;;) {
    const last = found[found.length - 1]!
    const shorter = plainName(last.replace(SERVING, '').replace(last.startsWith('grok') ? '' : /-fast$/, ''))
    if (shorter === last) return found
    found.push(shorter)
  }
}

/** The facts of a model, however a provider spells its name; null for an unknown model. */
export function findFacts(name: string): ModelFacts | null {
  byName ??= index()
  for (const spelling of spellings(name)) {
    const found = byName.get(spelling)
    if (found) return found
  }
  return null
}
