import { entry } from '../kit/index.js'
import { HASH_START, hashStep, hashWord } from './features/words.js'

/** Frequent short words that distinguish languages with Latin script; no word is in two lists unless common to both. */
const WORDS: Readonly<Record<string, string>> = {
  en: 'the of and to in is that it for was on are with as this be at by from have or not you what which how why when where who can do does i my your we please write find fix make list show explain give if an a hi hello thanks file code test run',
  es: 'el la los las de que y en un una es por para con no se del al como más pero su este esta qué cómo cuál dónde cuando si haz escribe explica hola gracias por',
  de: 'der die das und ist nicht ein eine einen zu mit auf für von dem den des im sich auch wie was warum wann wer ich wir sie bitte schreibe erkläre wenn oder aber hallo danke zum',
  fr: 'le la les de des et un une est que qui dans pour pas sur avec ce cette il elle je nous vous du au aux par plus comment pourquoi quel quelle écris explique bonjour merci si ou',
  pt: 'o os a as de que e do da em um uma para com não por mais como mas dos das no na se é são você qual quando escreva explique olá obrigado isso este esta',
  it: 'il lo gli di che e un una è per con non del della dei sono come più ma questo questa perché quando scrivi spiega ciao grazie nel alla',
  nl: 'de het een en van is dat niet op te zijn voor met er aan ook als maar wat waarom hoe wie schrijf leg hallo bedankt deze dit naar',
}

const LANGUAGES = Object.keys(WORDS)
const BY_WORD: ReadonlyMap<number, readonly number[]> = invert(Object.values(WORDS))

/** The languages of each word, by the word's hash. */
function invert(lists: readonly string[]): ReadonlyMap<number, readonly number[]> {
  const map = new Map<number, number[]>()
  for (const [language, list] of lists.entries())
    for (const word of list.split(' ')) {
      const known = entry(map, hashWord(word), (): number[] => [])
      if (!known.includes(language)) known.push(language)
    }
  return map
}

/** ISO 639-1 code of the text's main language, from its script and its short words; `und` when neither shows it. */
export function detectLanguage(text: string): string {
  const head = text.slice(0, 400)
  return byScript(head) ?? byWords(head.toLowerCase())
}

/** The language with the most short words, each divided among its languages; the first one met among equals. */
function byWords(low: string): string {
  const scores = new Float64Array(LANGUAGES.length)
  const met: number[] = []
  let hash = HASH_START
  for (let i = 0; i <= low.length; i++) {
    const c = low.charCodeAt(i)
    if ((c >= 97 && c <= 122) || (c >= 0xe0 && c <= 0xff && c !== 0xf7)) {
      hash = hashStep(hash, c)
      continue
    }
    if (hash === HASH_START) continue
    const languages = BY_WORD.get(hash)
    hash = HASH_START
    if (languages === undefined) continue
    for (const language of languages) {
      if (scores[language] === 0) met.push(language)
      scores[language]! += 1 / languages.length
    }
  }
  let best = -1
  for (const language of met) if (best < 0 || scores[language]! > scores[best]!) best = language
  return LANGUAGES[best] ?? 'und'
}

function byScript(text: string): string | null {
  let kana = 0
  let han = 0
  let hangul = 0
  let cyrillic = 0
  let arabic = 0
  let latin = 0
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c < 128) {
      if ((c | 32) >= 97 && (c | 32) <= 122) latin++
    } else if (c >= 0x3040 && c < 0x3100) kana++
    else if (c >= 0x4e00 && c < 0xa000) han++
    else if (c >= 0xac00 && c < 0xd7b0) hangul++
    else if (c >= 0x400 && c < 0x530) cyrillic++
    else if (c >= 0x600 && c < 0x700) arabic++
  }
  // A letter of these scripts counts as several Latin ones, because code and names are mixed in.
  const floor = latin / 6
  if (kana + han > floor && kana + han > 0) return kana * 12 >= han ? 'ja' : 'zh'
  if (hangul > floor && hangul > 0) return 'ko'
  if (cyrillic > floor * 2 && cyrillic > 0) return 'ru'
  if (arabic > floor * 2 && arabic > 0) return 'ar'
  return null
}
