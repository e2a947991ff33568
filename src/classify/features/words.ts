import { FOREIGN_WORDS } from './foreign-words.js'
import { MANNER_WORDS, MARK_WORDS, TOPIC_WORDS } from './word-lists.js'

const LISTS: Readonly<Record<string, string>> = { ...TOPIC_WORDS, ...MANNER_WORDS, ...MARK_WORDS }

/** Names of the word groups, in the order of their features. */
export const GROUPS: readonly string[] = Object.keys(LISTS)
export const TOPICS = Object.keys(TOPIC_WORDS).length

/** FNV-1a over UTF-16 units, one step. */
export function hashStep(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 16777619)
}
export const HASH_START = 0x811c9dc5 | 0

export function hashWord(word: string): number {
  let hash = HASH_START
  for (let i = 0; i < word.length; i++) hash = hashStep(hash, word.charCodeAt(i))
  return hash
}

const SIZE = 16384
const keys = new Int32Array(SIZE)
const values: (readonly number[] | undefined)[] = new Array(SIZE)

/** Groups of the word with this hash, or undefined. */
export function groupsOf(hash: number): readonly number[] | undefined {
  let slot = (hash ^ (hash >>> 15)) & (SIZE - 1)
  while (values[slot] !== undefined) {
    if (keys[slot] === hash) return values[slot]
    slot = (slot + 1) & (SIZE - 1)
  }
  return undefined
}

function insert(word: string, group: number): void {
  const hash = hashWord(word)
  let slot = (hash ^ (hash >>> 15)) & (SIZE - 1)
  while (values[slot] !== undefined && keys[slot] !== hash) slot = (slot + 1) & (SIZE - 1)
  const known = values[slot] ?? []
  keys[slot] = hash
  if (!known.includes(group)) values[slot] = [...known, group]
}

for (const [group, name] of GROUPS.entries())
  for (const word of `${LISTS[name]} ${FOREIGN_WORDS[name] ?? ''}`.split(' ')) if (word !== '') insert(word, group)
