import type { Complexity, SideKind, Task } from '../../classify/types.js'
import { Fault, getByte, type Packing, putByte } from '../../kit/index.js'
import type { Strategy, Veto } from '../types.js'

/** Words and their byte codes. A code is never given to another word; a new word takes the next one. */
interface Words<T extends string> {
  readonly codes: Readonly<Record<T, number>>
  readonly words: readonly T[]
}

function wordsOf<T extends string>(codes: Readonly<Record<T, number>>): Words<T> {
  const words: T[] = []
  for (const word of Object.keys(codes) as T[]) words[codes[word]] = word
  return { codes, words }
}

export const TASKS = wordsOf<Task>({
  chat: 0,
  question: 1,
  classification: 2,
  extraction: 3,
  transformation: 4,
  summarization: 5,
  translation: 6,
  code: 7,
  debugging: 8,
  math: 9,
  reasoning: 10,
  writing: 11,
  analysis: 12,
  planning: 13,
  'agent-step': 14,
})

export const COMPLEXITIES = wordsOf<Complexity>({ simple: 0, medium: 1, complex: 2 })

export const SIDE_KINDS = wordsOf<SideKind | 'embedding'>({
  title: 0,
  summary: 1,
  'commit-message': 2,
  'quota-probe': 3,
  compaction: 4,
  embedding: 5,
})

export const MODES = wordsOf<'auto' | 'pinned' | 'alias'>({ auto: 0, pinned: 1, alias: 2 })

export const KINDS = wordsOf<'chat' | 'embedding'>({ chat: 0, embedding: 1 })

export const BREAKERS = wordsOf<'closed' | 'half-open' | 'open'>({ closed: 0, 'half-open': 1, open: 2 })

export const STRATEGIES = wordsOf<Strategy['kind']>({ weights: 0, cheapest: 1, balanced: 2, best: 3 })

/** 0 is kept for "no veto"; 3 was never written. */
export const VETOES = wordsOf<Veto['code']>({
  need: 1,
  context: 2,
  breaker: 4,
  quota: 5,
  quality: 6,
  rule: 7,
  pinned: 8,
  budget: 9,
  loop: 10,
  unpriced: 11,
  kind: 12,
  ladder: 13,
})

export function codeOf<T extends string>(table: Words<T>, word: T): number {
  return table.codes[word]
}

/** The word for a code; an unknown code came from a newer program or a damaged row. */
export function wordOf<T extends string>(table: Words<T>, code: number): T {
  const word = table.words[code]
  if (word === undefined)
    throw new Fault('E_LEDGER', `a decision record holds the unknown code ${code}`, {
      hint: 'it was written by a newer llmroute, or the ledger is damaged',
    })
  return word
}

/** A word of the table in one byte. */
export function wordIn<T extends string>(table: Words<T>): Packing<T> {
  return { write: (sink, word) => putByte(sink, codeOf(table, word)), read: (source) => wordOf(table, getByte(source)) }
}
