/** Words at the start of a message that switch the conversation, in a profile that allows it. */
const PREFIX = /^\s*\/(max|auto)(?=\s|$)\s*/i

export interface Switched {
  readonly to: 'max' | 'auto'
  /** The message without the prefix. */
  readonly text: string
}

/** Reads `/max` (the best model from here on) or `/auto` (back to the profile) from the start of the person's message; null when there is none. */
export function readSwitch(text: string): Switched | null {
  const found = PREFIX.exec(text)
  if (found === null) return null
  return { to: found[1]!.toLowerCase() as Switched['to'], text: text.slice(found[0].length) }
}
