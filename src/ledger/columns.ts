/** The column that holds a field: its words in small letters with underscores between; `own` has those that are named otherwise. */
export function columnOf(field: string, own: Readonly<Record<string, string>> = {}): string {
  return own[field] ?? field.replace(/[A-Z]|(?<=[a-z]{2})\d/g, (letter) => `_${letter.toLowerCase()}`)
}

/** Columns for a SELECT, each under the name of the field that it holds. */
export function columnsAs(fields: readonly string[], own?: Readonly<Record<string, string>>): string {
  return fields.map((field) => `${columnOf(field, own)} AS "${field}"`).join(', ')
}

const NONE: readonly never[] = []

/** Empty lists take no room: they are NULL in the file. */
export function jsonOrNull(list: readonly unknown[]): string | null {
  return list.length === 0 ? null : JSON.stringify(list)
}

export function parseList(json: string | null): readonly unknown[] {
  return json === null ? NONE : (JSON.parse(json) as unknown[])
}
