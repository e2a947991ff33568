/** Length within which a one-line request is read completely. */
const SHORT = 64

/**
 * Everyday requests that any model can serve, by their opening: a few names of a kind, a word's spelling or translation, two numbers, a
 * typo, a line. The object counts for verbs that open large tasks as well: "fix the typo" is small, "fix the scheduler" may not be.
 */
const ENGLISH =
  /^(?:\d[\d +*/x×÷().-]*[=?]*$|name (?:a|an|one|two|three|four|five|ten|some|the|[2-9]|10)\b|spell\b|define \w+\b|(?:add|sum|subtract|multiply|divide) \d|(?:translate|convert) (?:["'“]|\d|this (?:word|sentence|line)\b|to \w+:)|(?:sort|reverse|count|sum|add up) (?:these|this|the) (?:words?|numbers?|letters?|list|lines?)\b|what(?:'s| is) \d[\d +*/x×-]*\??$|(?:fix|correct) (?:the|this|a|my) (?:typos?|spelling|indentation|whitespace|grammar|lint\w*|title|comment)\b|(?:bump|raise) the version\b|capitali[sz]e\b|make (?:this|the) (?:sentence|word|title|text|line)\b|write (?:a|one) (?:one-?line|single-?line|short|brief)\w* (?:greeting|comment|title|sentence|note|message)\b|suggest (?:a|one|another) (?:name|title|word)\b|add a (?:comment|semicolon|newline|blank line|comma|docstring|log line|print)\b|change the (?:title|colou?r|font|label)\b|remove the (?:comment|whitespace|blank lines?)\b)/
const LATIN =
  /^(?:(?:name|nenne?|nombra|menciona|cita|cite|donne|diga|dime|nomme|dis|diz|sag)\b.{0,16}\b(?:one|two|un[ao]?s?|une|dos|deux|dois|duas|zwei|tres|trois|três|drei|cuatro|quatre|quatro|vier|cinco|cinq|fünf|\d)(?![\p{L}])|(?:suma|addiere|additionne|some|soma|resta|subtrahiere|multiplica|multiplique|multipliziere) \d|(?:traduce|traducir|traduza|traduz|traduis|traduisez|übersetze|übersetz) (?:["'“„«‹]|esta palabra|dieses wort|ce mot|esta palavra)|(?:corrige|corrija|corrigez|korrigiere) (?:el|la|o|a|le|den|das|die|l') ?(?:errata|error|erro|tippfehler|titel|título|titre|faute|coquille|ortografía|ortografia|orthographe|rechtschreibung)(?![\p{L}])|¿?(?:combien font|wie viel (?:ist|sind|ergibt|macht)|cuánto es|quanto é) \d|¿?(?:cuál es|qual é|quelle est|was ist|wie heißt|wie lautet) (?:la|a|die) (?:capital|capitale|hauptstadt)(?![\p{L}])|(?:añade|füge|ajoute|adicione) (?:un|einen|um) (?:comentario|kommentar|commentaire|comentário)(?![\p{L}]))/u
const CYRILLIC =
  /^(?:назови(?:те)? (?:одно|один|одну|два|две|три|четыре|пять|\d)(?![p{L}])|(?:сложи|вычти|умножь|сложите) \d|переведи(?:те)? (?:["«„“]|это слово)|исправь(?:те)? (?:опечатк|ошибку в (?:заголовк|слов))|как(?:ая|ой город) столиц|какая .{0,12}столица|добавь(?:те)? комментарий)/
const EAST =
  /^(?:(?:说出|列举|写出|举出|给出)(?:一|二|两|三|四|五|\d)个|(?:把|将)?[“"「『].{1,20}[”"」』](?:翻译成|译成|を.{1,3}語に)|翻译|\d+ ?(?:加|减|乘|除以|足す|引く|かける|割る) ?\d+|修正.{0,6}(?:错字|拼写)|.{1,8}(?:的首都是|の首都は)|(?:タイトルの)?誤字を(?:直|修正)|.{1,8}を[\d一二三四五１-５](?:つ|個)(?:挙げ|教え|言っ)|コメントを(?:追加|付け)|添加.{0,4}注释)/

/** True for an everyday ask in one short line of English, Spanish, German, French, Portuguese, Russian, Chinese or Japanese. */
export function isSmallAsk(low: string): boolean {
  return low.length <= SHORT && !low.includes('\n') && (ENGLISH.test(low) || LATIN.test(low) || CYRILLIC.test(low) || EAST.test(low))
}
