export const CHAR_NAMES = [
  'len',
  'dig',
  'up',
  'punct',
  'math',
  'mathr',
  'latex',
  'code',
  'nl',
  'ind',
  'sent',
  'q',
  'comma',
  'pct',
  'money',
  'quo',
  'paren',
  'maxd',
  'brack',
  'under',
  'blank',
  'colon',
  'dash',
  'non',
  'cjk',
  'kana',
  'kata',
  'cyr',
  'slash',
  'backtick',
  'leq',
  'power',
  'bang',
  'jaquote',
] as const

const lg = Math.log1p

/** Shape of the characters of a capped text; `length` is that of the whole text. */
export function charShape(s: string, length: number, out: number[]): void {
  const n = s.length || 1
  let dig = 0,
    up = 0,
    punct = 0,
    nl = 0,
    q = 0,
    sent = 0,
    comma = 0,
    math = 0,
    latex = 0,
    code = 0,
    non = 0,
    cjk = 0,
    kana = 0,
    kata = 0,
    cyr = 0
  let pct = 0,
    money = 0,
    quo = 0,
    paren = 0,
    ind = 0,
    blank = 0,
    colon = 0,
    dash = 0,
    brack = 0,
    depth = 0,
    maxd = 0,
    under = 0,
    slash = 0,
    tick = 0,
    leq = 0,
    power = 0,
    bang = 0,
    jaq = 0
  for (let i = 0; i < s.length; i++) {
    const c = s.charCodeAt(i)
    if (c >= 97 && c <= 122) continue
    if (c === 32) {
      if (i > 0 && s.charCodeAt(i - 1) === 10) ind++
    } else if (c >= 48 && c <= 57) dig++
    else if (c >= 65 && c <= 90) up++
    else if (c === 10) nl++
    else if (c > 127) {
      non++
      if ((c >= 0x3040 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7af)) {
        cjk++
        if (c < 0x30a0) kana++
        else if (c < 0x3100) kata++
      } else if (c >= 0x400 && c < 0x530) cyr++
      else if (c === 0x2264 || c === 0x2265) {
        leq++
        math++
      } else if (c === 0x221a || c === 0x3c0 || c === 0x222b || c === 0x2211 || c === 0xd7 || c === 0xf7) math++
      else if (c === 0x300c || c === 0x300e) jaq++
      else if (c === 0x3002) sent++
      else if (c === 0xff1f) {
        q++
        sent++
      } else if (c === 0x3001 || c === 0xff0c) comma++
    } else {
      punct++
      switch (c) {
        case 63:
          q++
          sent++
          break
        case 33:
          bang++
          sent++
          break
        case 46: {
          const d = s.charCodeAt(i + 1)
          if (!(d >= 48 && d <= 57)) sent++
          break
        }
        case 44:
          comma++
          break
        case 94:
          power++
          math++
          break
        case 61:
        case 43:
        case 42:
        case 60:
        case 62:
          math++
          break
        case 92: {
          const d = s.charCodeAt(i + 1) | 32
          if (d >= 97 && d <= 122) latex++
          if (s.startsWith('\\le', i)) leq++
          break
        }
        case 123:
        case 125:
        case 59:
          code++
          break
        case 37:
          pct++
          break
        case 36:
          money++
          break
        case 34:
        case 39:
          quo++
          break
        case 40:
          paren++
          depth++
          if (depth > maxd) maxd = depth
          break
        case 41:
          depth--
          break
        case 47:
          slash++
          break
        case 91:
          brack++
          break
        case 95:
          under++
          if (s.charCodeAt(i + 1) === 95) blank = 1
          break
        case 96:
          tick++
          break
        case 58:
          colon++
          break
        case 45:
          dash++
          break
      }
    }
  }
  const cj = cjk || 1
  out.push(
    lg(length),
    dig / n,
    up / n,
    punct / n,
    lg(math),
    (math / n) * 20,
    lg(latex),
    lg(code),
    lg(nl),
    lg(ind),
    lg(sent),
    Math.min(4, q),
    lg(comma),
    lg(pct),
    lg(money),
    lg(quo),
    lg(paren),
    Math.min(6, maxd),
    lg(brack),
    lg(under),
    blank,
    lg(colon),
    lg(dash),
    lg(non),
    lg(cjk),
    kana / cj,
    kata / cj,
    lg(cyr),
    lg(slash),
    lg(tick),
    lg(leq),
    lg(power),
    lg(bang),
    lg(jaq),
  )
}
