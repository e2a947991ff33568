import type { Request } from '../canonical/index.js'
import { isGreeting } from './greeting.js'
import { endsInToolResults } from './needs.js'
import type { Task } from './types.js'

/** Cues in order: the first that matches names the task. English first, then es, de, fr, pt, ru, zh, ja. */
const CUES: readonly (readonly [Task, RegExp])[] = [
  [
    'translation',
    /\btranslat(?:e|ion|ing)\b|\b(?:traduc[ei]|traduis|tradui[sr]|traduz[ai])|übersetz|перевед|перевод|翻译|翻訳|訳して|译成|译为|ترجم|번역/,
  ],
  [
    'summarization',
    /\bsummari[sz]e|\bsummary of\b|\btl;?dr\b|\bresum(?:[ae]|ir|en de)\b|\brésume|zusammenfass|\bfasse\b[^\n]{0,80}\bzusammen|кратко излож|подведи итог|резюмируй|总结|摘要|概括|要約|まとめて|لخ[صّ]|요약/,
  ],
  [
    'extraction',
    /\bextract\b|\bpull\b.{1,60}\bout of\b|\blist all (?:the )?(?:names|dates|entities|emails|numbers)|\bextra(?:e|iga|is)\b|extrahier|извлек|提取|抽出|抜き出/,
  ],
  [
    'classification',
    /\bclassif|\bsentiment\b|\bcategori[sz]e|\blabel (?:the|this|each|every)|\bis (?:this|the following) (?:\w+ )?(?:spam|positive|negative|toxic)|\bclasif|klassifizier|классифиц|分类|情感|分類/,
  ],
  [
    'debugging',
    /\b(?:debug|bugs?|traceback|stack ?trace|exception|crash(?:es|ed|ing)?|deadlock(?:s|ed|ing)?|segfault|race condition|(?:memory )?leaks?|root cause|failing tests?|tests? (?:is |are )?fail|doesn'?t (?:work|compile|build)|not working|broken)\b|\bmemory (?:grows|usage)|\bwhy (?:does|is|do|am i)\b.{0,60}\b(?:fail|error|null|undefined|slow|hang|build)|\b(?:fix|resolve)\b.{0,40}\b(?:error|bug|issue|tests?|build|failure|crash|typo)|\bdepura|\bfehler(?:meldung)?\b|\bfinde\w* die ursache\b|échoue|\b(?<!\b(?:standard|squared|absolute|relative|percent(?:age)?|sampling|margin of) )\w*(?:error|exception)(?:\[\w+\])?:|\bnpm err!|verklemm|\bdébog|interbloc|interbloqueo|\berro\b|ошибк|взаимн\S* блокировк|отлад|报错|错误|调试|死锁|バグ|エラー|デバッグ|デッドロック|خطأ|오류|에러/,
  ],
  [
    'code',
    /```|\b(?:implement|refactor|write|create|add|generate|build|make|optimi[sz]e|port|modify|update|design|rename|list|show|run|open|read|print|find|delete|remove|move|commit|push|migrate|fix|change|call|correct)\b.{0,60}\b(?:functions?|methods?|class(?:es)?|variables?|script|program|modules?|components?|endpoints?|api|query|regex|tests?|algorithm|code|parser|server|service|cli|schema|migration|locking|loop|files?|folder|directory|repo(?:sitory)?|branch|queue|compiler|package\.json|config)\b|\b(?:implement|refactor|deploy|upgrade|add|fix|set up|integrate|style|remove)\b.{0,60}\b(?:features?|(?:web|home|landing|settings|error|admin|account|profile|checkout) ?pages?|buttons?|(?:web|contact|checkout|registration) ?forms?|log-?in|sign-?up|oauth|auth(?:entication|orization)?|dependenc(?:y|ies)|npm packages?|website|apps?|ui|frontend|backend|database|caching|ci|pipelines?|dark mode|navbar|sidebar|(?:drop-?down|context|navigation) menu|modal|(?:input|form|schema) validation|pagination|logging)\b|\b(?:pull request|regex|sql query|dockerfile|typescript|javascript|python|rust|golang|java|c\+\+|bash script|css|html)\b|\b(?:función|funktion|fonction|função|variable)\b|\bcódigo\b|функци[юи]|переменн|код\b|函数|变量|代码|文件|関数|変数|コード|プログラム|重构|リファクタ|دالة|كود|برمج|함수|코드/,
  ],
  [
    'math',
    /\\(?:frac|sqrt|sum|int|boxed|begin)|\$[^$\n]{1,80}[\\^_=+][^$\n]{0,80}\$|\b(?:calculate|compute|solve|integral|derivative|equation|probability that|how many|how much)\b.*\d|\d\s*(?:percent|%|times|plus|minus|divided by|(?:fois|mal|veces|vezes|moins|más|menos)\s*\d|[-+*/×÷]\s*\d)|\b[a-z]\s*\^\s*\d|\bf\([a-z]|\b(?:prove|theorem|polynomial|matrix|eigenvalue|modulo|integral|irrational)\b|\b(?:calcula|berechne|calcule|demuestra|beweise|démontre\w*|demonstre)\b|вычисли|решите|докажи|计算|证明|求解|方程|計算|証明|أثبت|احسب|증명|계산/,
  ],
  [
    'transformation',
    /\b(?:rewrite|rephrase|paraphrase|reformat|reword|convert|proofread|simplify|shorten)\b|\bcorrect\b.{0,40}\b(?:spelling|grammar|sentence|paragraph|text)\b|\b(?:to|into|as) (?:json|csv|yaml|xml|markdown|an? (?:\w+ )?table)\b|\breescrib|\bcorrige|\bcorriger|\bumschreib|\bréécri|\breescrev|перепиши|преобразуй|改写|转换|书き換え|書き換え|変換/,
  ],
  [
    'planning',
    /\b(?:plan|roadmap|itinerary|schedule|strategy|architecture|system design|redesign|curriculum|shopping list)\b|\bplanifi|\bplane\b|план\b|спланируй|计划|规划|方案|計画|設計/,
  ],
  [
    'writing',
    /\b(?:write|compose|draft|create)\b.{0,60}\b(?:essay|story|poem|email|letter|blog|article|post|speech|song|lyrics|haiku|slogan|headline|tweet|caption|review|novel|script|dialogue|bio|ad|advertisement|message|chapter)\b|\b(?:poem|haiku|short story|cover letter)\b|\b(?:reply|respond|answer)\b.{0,20}\bto (?:this|the|my)\b.{0,20}\b(?:e-?mail|message|letter)\b|\b(?:escrib[ea]|schreib|rédige|escreva)|(?<![a-z])écri(?:s|ve[zr])|напиши|写一|写封|书いて|書いて|小説|作文|اكتب|써 ?줘|작성/,
  ],
  [
    'analysis',
    /\b(?:analy[sz]e|analysis|compare|contrast|evaluate|assess|critique|pros and cons|advantages|trade-?offs?|implications|review)\b|\banaliz|\banalys|\bvergleich|\bcompar|анализ|сравни|分析|比较|評価|比較/,
  ],
  [
    'reasoning',
    /\b(?:puzzle|riddle|logic(?:al)?|deduce|infer|clues?|paradox|premise|true or false|liar|truth teller)\b|\bwho is the (?:tallest|shortest|oldest|youngest|fastest)|\n\s*\(?[A-D][.):]\s|推理|逻辑|推論|なぞなぞ|логическ/,
  ],
]

/** Characters of a text's edges, where it says what it wants. */
const HEAD = 500
const TAIL = 200

const QUESTION =
  /[?？؟]\s*(?:\n|$)|^(?:what|which|who|whose|when|where|why|how|is|are|was|were|does|do|did|can|could|should|will|would|explain|describe|tell me|define|qué|cómo|cuál|quién|dónde|por qué|was|wie|warum|wer|wo|wann|que|quoi|comment|pourquoi|quel|quelle|qui|où|qual|como|quem|onde|что|как|почему|кто|где|когда|какой|объясни|расскажи|опиши|erkläre?|beschreibe?|explique\w*|décri\w*|explica\w*|describe)(?![\p{L}])|什么|怎么|为什么|如何|哪|吗|何|なぜ|どう|ですか|解释|説明|^(?:ما|من|متى|أين|كيف|لماذا|هل|اشرح)(?![\p{L}])|무엇|왜 |어떻게|설명/u
const CONTINUE =
  /^(?:yes|yep|ok(?:ay)?|sure|go(?: ahead| on)?|continue|proceed|do it|next|go for it|keep going|sí|ja|oui|sim|да|继续|はい|続けて|好的?)[.! ]*$/

/** The kind of work requested: by rules on the judged text (lower case, without courtesy), of which `ofText` is what the text says by itself. */
export function detectTask(request: Request, low: string, ofText: Task): Task {
  if (low === '') return endsInToolResults(request.messages) ? 'agent-step' : 'chat'
  return request.tools.length > 0 && CONTINUE.test(low) ? 'agent-step' : ofText
}

/** The kind of work that a text asks for, whatever came before it. */
export function taskOfText(low: string): Task {
  if (isGreeting(low)) return 'chat'
  const seen = low.length > HEAD + TAIL ? `${low.slice(0, HEAD)}\n${low.slice(-TAIL)}` : low
  for (const [task, cue] of CUES) if (cue.test(seen)) return task
  return QUESTION.test(low) ? 'question' : 'chat'
}
