/** Words at the start of a message that switch the conversation, in a profile that allows it. */
const PREFIX = /^\s*\/(max|auto)(?=\s|$)/i

/** Reads `/max` (the best model from here on) or `/auto` (back to the profile) from the start of the person's message; null when there is none. */
export function readSwitch(text: string): 'max' | 'auto' | null {
  const found = PREFIX.exec(text)
  return found === null ? null : (found[1]!.toLowerCase() as 'max' | 'auto')
}
