import type { Request } from '../canonical/index.js'
import type { Task } from './types.js'

/** Cues in rising generality: the first that matches names the task. English first, then es, de, fr, pt, ru, zh, ja. */
const CUES: readonly (readonly [Task, RegExp])[] = [
  [
    'translation',
    /\btranslat(?:e|ion|ing)\b|\b(?:traduc[ei]|traduis|tradui[sr]|übersetz|traduz[ai])|перевед|перевод|翻译|翻訳|訳して|译成|译为/,
  ],
  [
    'summarization',
    /\bsummari[sz]e|\bsummary of\b|\btl;?dr\b|\bresum(?:e|ir|en de)\b|\brésume|zusammenfass|\bfasse\b.*\bzusammen|кратко излож|подведи итог|резюмируй|总结|摘要|概括|要約|まとめて/,
  ],
  [
    'debugging',
    /\b(?:debug|bugs?|traceback|stack ?trace|exception|crash(?:es|ed|ing)?|deadlocks?|segfault|race condition|memory leak|failing tests?|tests? (?:is |are )?fail|doesn'?t (?:work|compile|build)|not working|broken)\b|\bwhy (?:does|is|do|am i)\b.{0,60}\b(?:fail|error|null|undefined|slow|hang)|\b(?:fix|resolve)\b.{0,40}\b(?:error|bug|issue|test|build|failure|crash)|\bdepura|\bfehler(?:meldung)?\b|\bdébog|\berro\b|ошибк|отлад|报错|错误|调试|バグ|エラー|デバッグ/,
  ],
  [
    'code',
    /```|\b(?:implement|refactor|rename|write|create|add|generate|build|make|optimi[sz]e|port|modify|update|design)\b.{0,60}\b(?:function|method|class|variable|script|program|module|component|endpoint|api|query|regex|test|tests|unit tests?|algorithm|code|parser|server|cli|schema|migration|locking|loop|file|files)\b|\b(?:rename|refactor|unit tests?|pull request|regex|sql query|dockerfile|typescript|javascript|python|rust|golang|java|c\+\+|bash script|css|html)\b|\b(?:función|funktion|fonction|função)\b|\bcódigo\b|функци[юи]|код\b|函数|代码|関数|コード|プログラム|重构|リファクタ/,
  ],
  [
    'extraction',
    /\bextract|\bpull out\b|\blist all (?:the )?(?:names|dates|entities|emails|numbers)|\bextra(?:e|iga|is)|extrahier|извлек|提取|抽出|抜き出/,
  ],
  [
    'classification',
    /\bclassif|\bsentiment\b|\bcategori[sz]e|\blabel (?:the|this|each)|\bis (?:this|the following) (?:\w+ )?(?:spam|positive|negative|toxic)|\bclasif|klassifizier|\bclasse[rz]?\b.{0,30}\b(?:texte|avis)|классифиц|分类|情感|分類/,
  ],
  [
    'math',
    /\\(?:frac|sqrt|sum|int|boxed|begin)|\$[^$\n]{1,80}[\\^_=+][^$\n]{0,80}\$|\b(?:calculate|compute|solve for|integral|derivative|equation|probability that|how many|how much)\b.*\d|\b(?:prove that|theorem|polynomial|matrix|eigenvalue|modulo)\b|\b(?:calcula|berechne|calcule|вычисли|решите|докажи)|计算|证明|求解|方程|計算|証明/,
  ],
  [
    'transformation',
    /\b(?:rewrite|rephrase|paraphrase|reformat|reword|convert|proofread|simplify|shorten|translate)\b|\b(?:to|into|as) (?:json|csv|yaml|xml|markdown|a table)\b|\breescrib|\bumschreib|\bréécri|\breescrev|перепиши|преобразуй|改写|转换|书き換え|書き換え|変換/,
  ],
  [
    'planning',
    /\b(?:plan|roadmap|itinerary|schedule|strategy|architecture|system design|redesign|migration plan|project plan|curriculum)\b|\bplanifi|\bplane?\b|план\b|спланируй|计划|规划|方案|計画|設計/,
  ],
  [
    'writing',
    /\b(?:write|compose|draft|create)\b.{0,60}\b(?:essay|story|poem|email|letter|blog|article|post|speech|song|lyrics|haiku|slogan|headline|tweet|caption|review|novel|script|dialogue|bio|ad|advertisement|cover letter)\b|\b(?:poem|haiku|short story|cover letter)\b|\b(?:escribe|schreib|écris|rédige|escreva)|напиши|写一|写封|书いて|書いて|小説|作文/,
  ],
  [
    'analysis',
    /\b(?:analy[sz]e|analysis|compare|contrast|evaluate|assess|critique|pros and cons|trade-?offs?|implications|review)\b|\banaliz|\banalys|\bvergleich|\bcompar|анализ|сравни|分析|比较|評価|比較/,
  ],
  [
    'reasoning',
    /\b(?:puzzle|riddle|logic(?:al)?|deduce|infer|clues?|paradox|premise|true or false)\b|\n\s*\(?[A-D][.):]\s|推理|逻辑|推論|なぞなぞ|логическ/,
  ],
]

const QUESTION =
  /[?？]\s*$|^(?:what|which|who|whose|when|where|why|how|is|are|was|were|does|do|did|can|could|should|will|would|explain|describe|tell me|define|qué|cómo|cuál|quién|dónde|por qué|was|wie|warum|wer|wo|wann|que|quoi|comment|pourquoi|quel|quelle|qui|où|qual|como|quem|onde|что|как|почему|кто|где|когда|какой|объясни)(?![\p{L}])|什么|怎么|为什么|如何|哪|吗|何|なぜ|どう|ですか|解释|説明/u
const CONTINUE =
  /^(?:yes|yep|ok(?:ay)?|sure|go(?: ahead| on)?|continue|proceed|do it|next|go for it|please continue|keep going|sí|ja|oui|sim|да|继续|はい|続けて|好的?)[.! ]*$/

/** What kind of work the person asks for, by rules on the judged text (lower case, already capped). */
export function detectTask(request: Request, low: string): Task {
  if (low === '') return endsWithResults(request) ? 'agent-step' : 'chat'
  if (request.tools.length > 0 && CONTINUE.test(low)) return 'agent-step'
  for (const [task, cue] of CUES) if (cue.test(low)) return task
  return QUESTION.test(low) ? 'question' : 'chat'
}

function endsWithResults(request: Request): boolean {
  const last = request.messages.at(-1)
  return last !== undefined && (last.role === 'tool' || last.parts.some((p) => p.type === 'tool-result'))
}
