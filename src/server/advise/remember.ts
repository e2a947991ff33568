import { forgetOldest } from '../../kit/index.js'

/** Texts about which something is remembered, at most. */
const MOST = 1000

/** A map that forgets the least recently used entries. */
export function remember<T>(): { get(key: string): T | undefined; set(key: string, value: T): void } {
  const known = new Map<string, T>()
  return {
    get(key) {
      const value = known.get(key)
      if (value !== undefined) {
        known.delete(key)
        known.set(key, value)
      }
      return value
    },
    set(key, value) {
      known.set(key, value)
      forgetOldest(known, MOST)
    },
  }
}
