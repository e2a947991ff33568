import { type CharCounts, is, isWord, lg } from './char-counts.js'

/** Opening words of each kind of question; "who" also opens longer words, and "how many" is recognised by its second word. */
const KINDS: readonly (readonly [kind: string, openings: string])[] = [
  ['what', 'what'],
  ['which', 'which'],
  ['who', ''],
  ['when', 'when'],
  ['where', 'where'],
  ['why', 'why'],
  ['howmany', ''],
  ['how', 'how'],
  ['yesno', 'is are was were does do did can could has have should will would'],
  ['calc', 'calculate compute find determine evaluate solve simplify estimate derive'],
  ['prove', 'prove show verify demonstrate'],
  ['expl', 'explain describe discuss compare analyse analyze give provide list name identify suggest summarise summarize'],
  ['write', 'write compose draft create generate design develop implement build craft rewrite edit'],
  ['let', 'let suppose if given consider assume for'],
  ['complete', 'complete fill choose select answer translate classify extract convert'],
]
const KIND_OF: ReadonlyMap<string, number> = new Map(
  KINDS.flatMap(([, openings], kind) => openings.split(' ').map((word) => [word, kind] as const)),
)
const WHO = KINDS.findIndex(([kind]) => kind === 'who')
const HOW_MANY = KINDS.findIndex(([kind]) => kind === 'howmany')

export const QUESTION_NAMES: readonly string[] = [
  ...['nopt', 'hasopt', 'optlen', 'optnum', 'optspread', 'allnone', 'stemlen', 'stemq', 'stemcolon', 'roman'],
  ...KINDS.flatMap(([name]) => [`f_${name}`, `l_${name}`]),
  ...['lastlen', 'prelen', 'w_howmany', 'w_which', 'which_of', 'w_notcap', 'caps', 'capr', 'lowstart', 'singleline'],
  ...['noq', 'year', 'fence', 'defpy', 'loops', 'endans', 'parts'],
]

const OPTION = /(?:^|\n)[ \t]*(?:\(?[A-J][.):]|\([a-e]\))[ \t][^\n]*/g

/** Answer options, the question's stem and its kind, and marks of code, contests and Japanese requests. `s` is capped, `low` its lower case. */
export function questionShape(s: string, low: string, words: number, counts: CharCounts, out: number[]): void {
  const of = (mark: string): number => counts.ascii[mark.charCodeAt(0)]!
  const lines = of('\n')

  const options = s.match(OPTION) ?? []
  const n = options.length
  let total = 0,
    longest = 0,
    shortest = 1e9,
    numeric = 0
  for (const option of options) {
    total += option.length
    if (option.length > longest) longest = option.length
    if (option.length < shortest) shortest = option.length
    if (/[A-Ja-e][.):]\)?\s+[-+$\d(]/.test(option)) numeric++
  }
  const has = n >= 2
  const cut = has ? s.indexOf(options[0]!) : s.length
  const stem = s.slice(0, cut).trim()
  const lowStem = low.slice(0, cut).trim()
  out.push(
    Math.min(10, n),
    is(has),
    has ? lg(total / n) : 0,
    has ? numeric / n : 0,
    has ? lg(longest - shortest) : 0,
    is(has && /\n[ \t]*\(?[A-J][.):][ \t]*(?:all|none|both|neither)/i.test(s)),
    lg(stem.length),
    is(/[?？]["')\s]*$/.test(stem.slice(-6))),
    is(/[:：]$/.test(stem)),
    is(of('I') + of('S') + of('(') > 0 && /\bI{1,3}\.|\bStatement\s*[12I]|\bI and II\b|\b\(i+\)/.test(s)),
  )
  const tail = lowStem.slice(-400)
  const at = Math.max(
    tail.lastIndexOf('. ', tail.length - 3),
    tail.lastIndexOf('\n'),
    tail.lastIndexOf('? ', tail.length - 3),
    tail.lastIndexOf('。', tail.length - 2),
  )
  const last = tail.slice(at + 1).trim()
  const first = lowStem
    .slice(0, 60)
    .replace(/^(?:q|question|problem|task|instruction|please)[:.]?\s*/, '')
    .trim()
  const [firstKind, lastKind] = [kindOf(first), kindOf(last)]
  const [firstCount, lastCount] = [asksHowMany(first), asksHowMany(last)]
  for (let k = 0; k < KINDS.length; k++)
    out.push(is(k === HOW_MANY ? firstCount : k === firstKind), is(k === HOW_MANY ? lastCount : k === lastKind))
  out.push(
    lg(last.length),
    lg(Math.max(0, stem.length - last.length)),
    is(lowStem.includes('how m') && /how many|how much/.test(lowStem)),
    is(/\bwhich\b/.test(last)),
    is(lowStem.includes('of the following') && /which (?:one )?of the following/.test(lowStem)),
    is(counts.capitals > 2 && /\b(?:NOT|EXCEPT|LEAST)\b/.test(s)),
    lg(counts.capitalised),
    counts.capitalised / (words || 1),
    is(/^[a-z]/.test(s)),
    is(lines === 0),
    is(of('?') + counts.questions === 0),
    is(counts.digits > 3 && /\b1[0-9]{3}\b|\b20[0-2]\d\b/.test(s)),
    is(of('`') > 2 && s.includes('```')),
    is(showsCode(s, of('(') > 0, counts.capitals)),
    lines > 0 && of(':') > 0 ? lg(s.match(/\b(?:for|while|if|elif|else)\b[^\n]*:[ \t]*\n/g)?.length ?? 0) : 0,
    is(/answer:\s*$/i.test(s.slice(-24))),
    lg(s.match(/(?:^|\n)[ \t]*(?:\d+[.)]|[-*•]) /g)?.length ?? 0),
  )
}

function kindOf(question: string): number | undefined {
  if (question.startsWith('who')) return WHO
  let end = 0
  while (isWord(question.charCodeAt(end))) end++
  return KIND_OF.get(question.slice(0, end))
}

function asksHowMany(question: string): boolean {
  return question.startsWith('how ') && /^how (?:many|much|long|far|old|tall|often)\b/.test(question)
}

function showsCode(s: string, calls: boolean, capitals: number): boolean {
  return (
    (calls && /\bdef \w+\(|\bfunction \w+\(/.test(s)) ||
    s.includes('=>') ||
    s.includes('#include') ||
    s.includes('public static') ||
    (capitals > 9 && /\bSELECT\b[^\n]*\bFROM\b/.test(s))
  )
}
