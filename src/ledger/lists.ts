const NONE: readonly never[] = []

/** Empty lists take no room: they are NULL in the file. */
export function jsonOrNull(list: readonly unknown[]): string | null {
  return list.length === 0 ? null : JSON.stringify(list)
}

export function parseList(json: string | null): readonly unknown[] {
  return json === null ? NONE : (JSON.parse(json) as unknown[])
}
