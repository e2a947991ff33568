/** The entry of a map, made when it is first asked for. */
export function entry<K, T>(map: Map<K, T>, key: K, make: () => T): T {
  let found = map.get(key)
  if (found === undefined) {
    found = make()
    map.set(key, found)
  }
  return found
}
