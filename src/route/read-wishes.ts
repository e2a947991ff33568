import { Fault, redactSecrets } from '../kit/index.js'
import { durationMs } from '../policy/index.js'
import { headerText } from './exchange.js'

/** The values of a request's x-llmroute-* headers. */
export interface Wishes {
  readonly profile: string | null
  readonly tier: string | null
  readonly tags: readonly string[]
  readonly includeMetadata: boolean
  /** False: keep metadata of this call only. */
  readonly store: boolean
  /** Milliseconds that the call may wait. */
  readonly deadlineMs: number | null
}

const NONE: Wishes = { profile: null, tier: null, tags: [], includeMetadata: false, store: true, deadlineMs: null }

export function readWishes(headers: Readonly<Record<string, string | undefined>>): Wishes {
  const profile = headerText(headers['x-llmroute-profile'])
  const tier = headerText(headers['x-llmroute-tier'])
  const tags = headers['x-llmroute-tags']
  const include = headers['x-llmroute-include']
  const store = headers['x-llmroute-store']
  const deadline = headers['x-llmroute-deadline']
  if (profile ?? tier ?? tags ?? include ?? store ?? deadline) {
    return {
      profile: profile ?? null,
      tier: tier ?? null,
      tags: readTags(tags),
      includeMetadata: readInclude(include),
      store: readStore(store),
      deadlineMs: deadline === undefined ? null : readDuration(deadline),
    }
  }
  return NONE
}

/** Tags are stored as they are read here. */
export function readTags(value: string | undefined): readonly string[] {
  return splitList(headerText(value)).map(redactSecrets)
}

function splitList(value: string | undefined): readonly string[] {
  return value === undefined
    ? []
    : value
        .split(',')
        .map((v) => v.trim())
        .filter((v) => v !== '')
        .slice(0, 32)
}

function readInclude(words: string | undefined): boolean {
  const wanted = splitList(words)
  const other = wanted.find((word) => word !== 'metadata')
  if (other === undefined) return wanted.length > 0
  throw refused('x-llmroute-include', other, 'is not known', 'Write metadata to have an llmroute object in the answer, or leave it out.')
}

/** An unknown value must not cause text to be stored that the caller wanted discarded. */
function readStore(word: string | undefined): boolean {
  if (word === undefined || word === '') return true
  if (word.toLowerCase() === 'none') return false
  throw refused('x-llmroute-store', word, 'is not known', 'Write none to keep no text of this call, or leave it out.')
}

function readDuration(text: string): number {
  const ms = durationMs(text)
  if (ms === null) throw refused('x-llmroute-deadline', text, 'is not a duration', 'Write it as 30s, 10m or 24h.')
  return ms
}

function refused(param: string, value: string, why: string, hint: string): Fault {
  return new Fault('E_BAD_REQUEST', `${param} "${value.slice(0, 40)}" ${why}`, { hint, param, final: true })
}
