/** A regular expression written plain or as `/source/flags` (`i`, `m`, `s`, `u`); null when it is none. */
export function readPattern(text: string): RegExp | null {
  const literal = /^\/(.+)\/([imsu]*)$/s.exec(text)
  try {
    return new RegExp(literal?.[1] ?? text, literal?.[2] ?? '')
  } catch {
    return null
  }
}
