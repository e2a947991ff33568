/** Greetings, thanks, assent and small talk, in a dozen languages. */
const WORDS = [
  "hi|hello|hey|howdy|yo|thanks?|thank you|thx|cheers|ok(?:ay)?|yes|yep|no|nope|sure|great|cool|nice|perfect|bye|goodbye|welcome|good (?:morning|afternoon|evening|day|night)|how are you(?: doing)?(?: today)?|how(?:'s| is) it going|what's up|nice to meet you",
  '¿?(?:cómo (?:estás?|te va)|qué tal)|hola|gracias|sí|adiós|buen[oa]s (?:días|tardes|noches)',
  "wie geht(?:'s|s| es (?:dir|ihnen))?|hallo|moin|servus|danke(?: schön)?|vielen dank|ja|nein|tschüss|guten (?:tag|morgen|abend)",
  '(?:comment )?ça va|comment (?:vas-tu|allez-vous)|bonjour|bonsoir|salut|coucou|merci(?: beaucoup)?|oui|non|au revoir',
  'como (?:vai(?: você)?|você está|está|estás)|tudo bem|olá|oi|obrigad[oa]|sim|não|bom dia|boa (?:tarde|noite)',
  'ciao|grazie|come stai|buongiorno|merhaba|teşekkürler|nasılsın',
  'как (?:у тебя |у вас )?дела|как (?:ты|вы)|привет|здравствуйте|спасибо|да|нет|пока|доброе утро|добрый (?:день|вечер)',
  '[你您]好吗?|[你您]?(?:今天|最近)?(?:过得)?怎么样|谢谢你?|多谢|早上好|晚上好|再见|好的?|是的?',
  'こんにちは|こんばんは|おはよう(?:ございます)?|ありがとう(?:ございま(?:す|した))?|どうも|はい|いいえ|了解(?:です|しました)?|お願いします|お疲れ様です|(?:今日は)?(?:お元気|元気|調子はどう)ですか|おやすみ(?:なさい)?',
  '안녕(?:하세요)?|감사합니다|고마워요?|네',
  'مرحبا|أهلا|السلام عليكم|صباح الخير|شكرا|كيف حالك|نعم|لا',
].join('|')
const AFTER = "today|heute|hoy|aujourd'hui|hoje|сегодня|there|all|everyone|again|so much|very much|a lot|claude|chatgpt|gpt|assistant"
const GREETING = new RegExp(`^(?:${WORDS})(?:[\\s,.!?;~，。！？、؟،]+(?:${WORDS}|${AFTER}))*[\\s,.!?;~，。！？、؟،]*$`, 'u')
/** A longer text says more than a greeting. */
const SHORT = 60

/** True for a lower-case text that only greets, thanks, assents or asks how one is. */
export function isGreeting(low: string): boolean {
  return low.length <= SHORT && GREETING.test(low)
}
