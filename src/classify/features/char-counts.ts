const ascii = new Uint32Array(128)

/** How often each class of character stands in a text. `ascii`: of the ASCII characters by code; small letters are not counted. */
export type CharCounts = Readonly<ReturnType<typeof countChars>>

/** One pass over the text; `ascii` is valid until the next call. */
export function countChars(s: string) {
  ascii.fill(0)
  let digits = 0
  let capitals = 0
  // Spaces that open a line, full stops before a digit, backslashes before a letter, capitals that open a word in small letters.
  let indents = 0
  let decimals = 0
  let commands = 0
  let capitalised = 0
  let open = 0
  // Brackets inside brackets.
  let depth = 0
  // Outside ASCII: all, Asian glyphs, Hiragana, Katakana, Cyrillic, mathematical signs, ≤ and ≥, quotes, full stops, question marks, commas.
  let foreign = 0
  let glyphs = 0
  let hiragana = 0
  let katakana = 0
  let cyrillic = 0
  let signs = 0
  let bounds = 0
  let quotes = 0
  let stops = 0
  let questions = 0
  let commas = 0
  let prev = 0
  for (let i = 0; i < s.length; i++) {
    const c = s.charCodeAt(i)
    if (c >= 97 && c <= 122) {
      if (prev === 92) commands++
      else if (prev >= 65 && prev <= 90 && !isWord(i > 1 ? s.charCodeAt(i - 2) : 0)) capitalised++
    } else if (c < 128) {
      ascii[c]! += 1
      if (c === 32) {
        if (prev === 10) indents++
      } else if (c >= 48 && c <= 57) {
        digits++
        if (prev === 46) decimals++
      } else if (c >= 65 && c <= 90) {
        capitals++
        if (prev === 92) commands++
      } else if (c === 40) {
        if (++open > depth) depth = open
      } else if (c === 41) open--
    } else {
      foreign++
      if ((c >= 0x3040 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7af)) {
        glyphs++
        if (c < 0x30a0) hiragana++
        else if (c < 0x3100) katakana++
      } else if (c >= 0x400 && c < 0x530) cyrillic++
      else if (c === 0x2264 || c === 0x2265) bounds++
      else if (c === 0x221a || c === 0x3c0 || c === 0x222b || c === 0x2211 || c === 0xd7 || c === 0xf7) signs++
      else if (c === 0x300c || c === 0x300e) quotes++
      else if (c === 0x3002) stops++
      else if (c === 0xff1f) questions++
      else if (c === 0x3001 || c === 0xff0c) commas++
    }
    prev = c
  }
  return {
    ascii,
    digits,
    capitals,
    indents,
    decimals,
    commands,
    capitalised,
    depth,
    foreign,
    glyphs,
    hiragana,
    katakana,
    cyrillic,
    signs,
    bounds,
    quotes,
    stops,
    questions,
    commas,
  }
}

/** A character that a regular expression's \b takes for part of a word. */
export function isWord(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57) || c === 95
}

/** Counts enter as logarithms, marks as 0 or 1. */
export const lg = Math.log1p
export const is = (condition: boolean): number => (condition ? 1 : 0)
