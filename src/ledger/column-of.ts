/** The column that holds a field: its words in small letters with underscores between; `own` has those that are named otherwise. */
export function columnOf(field: string, own: Readonly<Record<string, string>> = {}): string {
  return own[field] ?? field.replace(/[A-Z]|(?<=[a-z]{2})\d/g, (letter) => `_${letter.toLowerCase()}`)
}
