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
  'bound',
  'modulo',
  'sample',
  'trace',
  'ja_ask',
  'ja_make',
  'ja_given',
  'ja_why',
  'ja_role',
  'ja_language',
  'ja_lore',
  'ja_count',
  'ja_create',
  'ja_code',
  'and',
  'namepair',
  'numberpair',
  'second',
  'shortask',
  'shortdo',
  'quoted',
  'stage',
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
  out.push(
    largestPower(low),
    is(/modulo|\bmod\b|998244353|10\^9 ?\+ ?7/.test(low)),
    lg(low.match(/sample (?:input|output)|\nexample \d|\binput:?\n/g)?.length ?? 0),
    is(/traceback|stack trace|exception|error:|steps to reproduce|expected behaviou?r/.test(low)),
    is(/教えて|ですか|でしょうか|何ですか|説明して|述べ/.test(s)),
    is(/書いて|作って|作成して|考えて|生成して|挙げて|提案して/.test(s)),
    is(/以下|次の|下記|この文/.test(s)),
    is(/なぜ|理由|どうして|どのように|違い|比較/.test(s)),
    is(/あなたは|として|ロールプレイ|なりきって|口調/.test(s)),
    is(
      /漢字|敬語|方言|古文|ことわざ|四字熟語|読み方|ダジャレ|駄洒落|なぞかけ|しりとり|回文|語源|俳句|短歌|川柳|熟語|ひらがな|カタカナ|言い換え|丁寧/.test(
        s,
      ),
    ),
    is(/日本|江戸|明治|昭和|平安|天皇|神社|東京|京都|大阪|県|和食|文化|歴史|法律|首相|戦国/.test(s)),
    lg(s.match(/[\d０-９一二三四五六七八九十]+(?:つ|個|点|行|文字|字|人|円|回|本|冊)/g)?.length ?? 0),
    is(/物語|小説|ジョーク|詩|歌詞|脚本|キャッチ|ショートショート|会話/.test(s)),
    is(/コード|プログラム|Python|python|HTML|SQL|関数/.test(s)),
  )
  const pairs = s.match(/\b[A-Z]\w+(?:,? and|,) (?:the )?[A-Z]\w+/g)?.length ?? 0
  const numbers = s.match(/\d[\w%.]{0,12}(?:,? and|,| or) \$?\d/g)?.length ?? 0
  const asks = /^(?:what|who|where|when|which|how|is|are|does|did|can)\b/.test(first)
  out.push(
    lg(low.match(/\band\b/g)?.length ?? 0),
    lg(pairs),
    lg(numbers),
    lg(
      low.match(
        /(?:[.?!;,] |\n)(?:also|and|then|next|finally|in addition|additionally|after that|afterwards|lastly|second|secondly|plus)\b/g,
      )?.length ?? 0,
    ),
    is(asks && words < 16),
    is(!asks && words < 16),
    lg(low.match(/'[^'\n]{1,40}'|"[^"\n]{1,40}"|`[^`\n]{1,40}`/g)?.length ?? 0),
    is(/first line|following format|\breturn the\b|\btest cases?\b|\bsubtask/.test(low)),
  )
}

/** Largest exponent k of a bound written 10^k, 10^{k} or 10**k; 0 without one. */
function largestPower(low: string): number {
  let most = 0
  for (const match of low.matchAll(/10(?:\^|\*\*)\{?(\d{1,2})/g)) most = Math.max(most, Math.min(20, Number(match[1])))
  return most
}
