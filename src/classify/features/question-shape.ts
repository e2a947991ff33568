const KINDS: readonly (readonly [string, RegExp])[] = [
  ['what', /^what\b/],
  ['which', /^which\b/],
  ['who', /^who|^whose|^whom/],
  ['when', /^when\b/],
  ['where', /^where\b/],
  ['why', /^why\b/],
  ['howmany', /^how (?:many|much|long|far|old|tall|often)\b/],
  ['how', /^how\b/],
  ['yesno', /^(?:is|are|was|were|does|do|did|can|could|has|have|should|will|would)\b/],
  ['calc', /^(?:calculate|compute|find|determine|evaluate|solve|simplify|estimate|derive)\b/],
  ['prove', /^(?:prove|show|verify|demonstrate)\b/],
  ['expl', /^(?:explain|describe|discuss|compare|analy[sz]e|give|provide|list|name|identify|suggest|summari[sz]e)\b/],
  ['write', /^(?:write|compose|draft|create|generate|design|develop|implement|build|craft|rewrite|edit)\b/],
  ['let', /^(?:let|suppose|if|given|consider|assume|for)\b/],
  ['complete', /^(?:complete|fill|choose|select|answer|translate|classify|extract|convert)\b/],
]

export const QUESTION_NAMES: readonly string[] = [
  'nopt',
  'hasopt',
  'optlen',
  'optnum',
  'optspread',
  'allnone',
  'stemlen',
  'stemq',
  'stemcolon',
  'roman',
  ...KINDS.flatMap(([name]) => [`f_${name}`, `l_${name}`]),
  'lastlen',
  'prelen',
  'w_howmany',
  'w_which',
  'which_of',
  'w_notcap',
  'caps',
  'capr',
  'lowstart',
  'singleline',
  'noq',
  'year',
  'fence',
  'defpy',
  'loops',
  'endans',
  'parts',
]

const lg = Math.log1p
const OPTION = /(?:^|\n)[ \t]*(?:\(?[A-J][.):]|\([a-e]\))[ \t][^\n]*/g
const is = (condition: boolean): number => (condition ? 1 : 0)

/** Answer options, the question's stem and its kind, and marks of code, contests and Japanese requests. `s` is capped, `low` its lower case. */
export function questionShape(s: string, low: string, words: number, out: number[]): void {
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
  const cut = has ? s.indexOf(options[0] as string) : s.length
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
    is(/\bI{1,3}\.|\bStatement\s*[12I]|\bI and II\b|\b\(i+\)/.test(s)),
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
  for (const [, kind] of KINDS) out.push(is(kind.test(first)), is(kind.test(last)))
  const capitals = s.match(/\b[A-Z][a-z]+/g)?.length ?? 0
  out.push(
    lg(last.length),
    lg(Math.max(0, stem.length - last.length)),
    is(/how many|how much/.test(lowStem)),
    is(/\bwhich\b/.test(last)),
    is(/which (?:one )?of the following/.test(lowStem)),
    is(/\b(?:NOT|EXCEPT|LEAST)\b/.test(s)),
    lg(capitals),
    capitals / (words || 1),
    is(/^[a-z]/.test(s)),
    is(!s.includes('\n')),
    is(!/[?？]/.test(s)),
    is(/\b1[0-9]{3}\b|\b20[0-2]\d\b/.test(s)),
    is(s.includes('```')),
    is(/\bdef \w+\(|\bfunction \w+\(|=>|#include|public static|\bSELECT\b[^\n]*\bFROM\b/.test(s)),
    lg(s.match(/\b(?:for|while|if|elif|else)\b[^\n]*:[ \t]*\n/g)?.length ?? 0),
    is(/answer:\s*$/i.test(s.slice(-24))),
    lg(s.match(/(?:^|\n)[ \t]*(?:\d+[.)]|[-*•]) /g)?.length ?? 0),
  )
}
