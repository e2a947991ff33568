/**
 * What was made of the last texts, by the text itself: agents send the same ones again with every step, each time read anew from JSON.
 * The oldest are forgotten beyond `kept`.
 */
export function rememberTexts<T>(kept: number): (text: string, make: (text: string) => T) => T {
  const known = new Map<string, T>()
  return (text, make) => {
    const before = known.get(text)
    if (before !== undefined) return before
    const made = make(text)
    if (known.size >= kept) for (const oldest of known.keys()) if (known.delete(oldest)) break
    known.set(text, made)
    return made
  }
}
