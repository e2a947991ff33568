import { finish, getVarint, newSink, putVarint, type Sink, type Source } from './bytes.js'

/** How a kind of value is written as bytes and read back. */
export interface Packing<T> {
  readonly write: (sink: Sink, value: T) => void
  readonly read: (source: Source) => T
}

/** What a packing packs. */
export type Packed<P> = P extends Packing<infer T> ? T : never

/** A whole number from 0 up to 2^53. */
export const COUNT: Packing<number> = { write: putVarint, read: getVarint }

/**
 * Objects with these fields, one after another in this order. The two functions are compiled, as serializers of protocol buffers are: a
 * loop over the fields takes three times as long, and a replay reads millions of rows. Names are those of the source, never data.
 */
export function packedRow<T extends object>(fields: { readonly [K in keyof T]: Packing<T[K]> }): Packing<T> {
  const names = Object.keys(fields)
  const packings = names.map((_, i) => `p${i}`)
  const writes = names.map((name, i) => `p${i}.write(sink, row.${name})`)
  const reads = names.map((name, i) => `${name}: p${i}.read(source)`)
  const code = `return { write(sink, row) { ${writes.join('; ')} }, read(source) { return { ${reads.join(', ')} } } }`
  return new Function(...packings, code)(...Object.values(fields)) as Packing<T>
}

const NONE: readonly never[] = []

export function packedList<T>(item: Packing<T>): Packing<readonly T[]> {
  return {
    write(sink, items) {
      putVarint(sink, items.length)
      for (const one of items) item.write(sink, one)
    },
    read(source) {
      let left = getVarint(source)
      if (left === 0) return NONE
      const items: T[] = []
      for (; left > 0; left--) items.push(item.read(source))
      return items
    },
  }
}

const sink = newSink()

export function pack<T>({ write }: Packing<T>, value: T): Buffer {
  sink.at = 0
  write(sink, value)
  return finish(sink)
}
