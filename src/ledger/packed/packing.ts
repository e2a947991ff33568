import { type Reader, readCount, readCountOrNull, readMs, readSigned, readText } from './reader.js'
import type { Writer } from './writer.js'

/** How a kind of value is written and read back. */
export interface Packing<T> {
  readonly write: (w: Writer, value: T) => void
  readonly read: (r: Reader) => T
}

export const COUNT: Packing<number> = { write: (w, n) => w.count(n), read: readCount }
export const COUNT_OR_NULL: Packing<number | null> = { write: (w, n) => w.countOrNull(n), read: readCountOrNull }
export const SIGNED: Packing<number> = { write: (w, n) => w.signed(n), read: readSigned }
/** Milliseconds to the microsecond. */
export const MS: Packing<number | null> = { write: (w, n) => w.ms(n), read: readMs }
export const TEXT: Packing<string | null> = { write: (w, text) => w.text(text), read: readText }

/** What a packing packs. */
export type Packed<P> = P extends Packing<infer T> ? T : never

/**
 * Objects with these fields, one after another in this order. Reading fills a copy of a blank row: made field by field, an object takes
 * twice as long, and a replay reads millions.
 */
export function rowOf<T extends object>(fields: { readonly [K in keyof T]: Packing<T[K]> }): Packing<T> {
  const names = Object.keys(fields) as (keyof T)[]
  const packings = names.map((name) => fields[name])
  const blank = Object.fromEntries(names.map((name) => [name, null])) as T
  return {
    write(w, row) {
      for (let i = 0; i < names.length; i++) packings[i]!.write(w, row[names[i]!])
    },
    read(r) {
      const row = { ...blank }
      for (let i = 0; i < names.length; i++) row[names[i]!] = packings[i]!.read(r)
      return row
    },
  }
}

export function listOf<T>(item: Packing<T>): Packing<readonly T[]> {
  return {
    write(w, items) {
      w.count(items.length)
      for (const one of items) item.write(w, one)
    },
    read(r) {
      const items: T[] = []
      for (let left = readCount(r); left > 0; left--) items.push(item.read(r))
      return items
    },
  }
}
