/** Instructions up to this long are read without courtesy and urging; in longer texts both weigh little. */
const SHORT = 600

/** Courtesy and urging, which say nothing about the work: bought words must not buy a stronger model, nor politeness a weaker one. */
const FILLER =
  /\b(?:please|kindly|pls|(?:could|can|would|will) you(?: please| kindly)?|would you mind|if you (?:don'?t mind|please)|i(?:'d| would) (?:like you to|appreciate it if you(?: could)?|be grateful if you(?: could)?|love (?:it )?if you(?: could)?)|thank(?:s| you)(?: (?:so|very) much| a lot| in advance)?|i was wondering if you could|step[- ]by[- ]step|(?:the )?pros and cons|think (?:hard(?:er)?|carefully|deeply|it through|about (?:this|it) carefully)|ultrathink|take a deep breath|let'?s think(?: about (?:this|it))?|be (?:very )?(?:thorough|careful|comprehensive|precise|exhaustive|detailed)|(?:very )?(?:thoroughly|carefully|comprehensively|exhaustively|meticulously|rigorously)|in (?:great|full|much|as much) detail|(?:comprehensive|detailed|in-depth|thorough|exhaustive) (?:analysis|explanation|answer|reasoning|response)|chain of thought|reason(?:ing)? (?:through|about) (?:this|it|every(?:thing)?)|this is (?:very |extremely |really )?(?:important|urgent|critical)(?: (?:to|for) (?:me|us|my \w+))?|(?:as|you are|act as|imagine you are) an? (?:world[- ]class |senior |leading |great )?(?:expert|professional|assistant)(?: (?:in|on|at) [\w ]{1,40})?|por favor|gracias|bitte|danke|s'il (?:te|vous) pla[iî]t|merci|obrigad[oa]|пожалуйста|спасибо)(?![\p{L}])[,.!]*/giu
const EAST = /请一步一步|一步一步|请仔细|仔细思考|请|谢谢|お願いします|ありがとうございます|ステップバイステップで/g

/** A greeting or an assent before the actual request: "Hi, ", "Hello there! ", "ok, ". */
const OPENING =
  /^(?:(?:(?:hi|hey|hello|hallo|hola|bonjour|bonsoir|salut|olá|oi|ciao|привет|здравствуйте|good (?:morning|afternoon|evening|day)|guten (?:tag|morgen|abend))(?: \p{L}+)?|ok(?:ay)?|yes|no|sure|great|perfect|sí|ja|nein|oui|non|sim|да|нет)[,.!]{1,3}\s{1,4}|(?:hi|hey)(?: there)?\s(?=\S+\s+\S+\s)|(?:你好|您好|こんにちは|おはようございます|お疲れ様です|안녕하세요|مرحبا|السلام عليكم)[\s,.!，。！、،]{1,4})+(?=.*\p{L})/iu

/** The instruction without courtesy and urging; the text itself when it is long or nothing else is left. */
export function bareText(text: string): string {
  if (text.length > SHORT) return text
  const bare = text
    .replace(FILLER, ' ')
    .replace(EAST, '')
    .replace(/[ \t]{2,}/g, ' ')
    .replace(/\s+([,.;:!?])/g, '$1')
    .replace(/^[\s,.;:!]+/, '')
    .replace(OPENING, '')
    .trim()
  return bare === '' ? text : bare
}
