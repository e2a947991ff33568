import { isGreeting } from './greeting.js'

/**
 * A hand-made prior for short instructions such as people give to agents, for which there is no benchmark: the request counts (an
 * investigation, a redesign, concurrency), not its length. English, Spanish, German, French, Portuguese, Russian, Chinese, Japanese.
 */
const STEP =
  /^(?:list|show|print|open|cat|rename|delete|remove|move|copy|format|lint|run|read|count|display|add a comment|say|tell me|give me|what time|stop|start|restart|undo|commit|push|pull|save|close|check out|install|lista|muestra|abre|renombra|borra|ejecuta|zeige|liste|öffne|benenne|lösche|führe|montre|affiche|ouvre|renomme|supprime|exécute|mostre|liste|abra|renomeie|apague|execute|покажи|перечисли|открой|переименуй|удали|запусти|列出|显示|打开|重命名|删除|运行)(?![\p{L}])|^把.{1,20}(?:改名|重命名|删除)|(?:一覧|表示|開いて|名前を変え|削除|実行)/u
const DEMAND =
  /\b(?:re-?design|re-?architect|architect|design|prove|derive|investigate|find out why|root cause|figure out why|diagnose|refactor|migrate|optimi[sz]e|implement|rewrite|reverse[- ]engineer|formally|from scratch|work out why|determine why|track down|overhaul|rethink|restructure|parallelize)\b|rediseñ|diseña(?!d)|averigua|encuentra la causa|investiga|demuestra|optimiza|entw[ie]rf|finde (?:heraus|die ursache)|untersuche|beweise|neu gestalt|optimiere|redesenh|projete|otimiz|descubra|investigue|démontre|reconcev|concev|conçoi|repens|trouve[rz]? (?:pourquoi|la cause)|cherche pourquoi|optimise|проектир|выясни|докажи|исследуй|оптимизируй|设计|找出|查明|证明|重构|优化|再設計|設計し|証明|調べて|最適化|突き止め|أثبت|برهن|صمم|حقق في|증명|설계해/g
/** A proof is hard however short its statement is. */
const PROOF =
  /\bprove\b|\bproof of\b|\bderive (?:the|a|an)\b|demuestr|beweis|démontre|demonstre que|prove que|докажи|证明|証明|أثبت|برهن|증명/
const CONCEPT =
  /\b(?:deadlock(?:s|ed|ing)?|race conditions?|concurren(?:cy|t)|locking|locks?|mutex(?:es)?|distributed|consensus|transaction(?:al|s)?|scalab\w+|throughput|latency|leaks?|leaking|lock-free|vectori[sz]\w*|shards?|linearizab\w+|event sourcing|stale|failover|cache invalidation|garbage collector|compiler|kernel|cryptograph\w+|security|vulnerab\w+|threads?|async\w*|under (?:heavy )?load|architecture|backward compatib\w+|invariants?|complexity|np-hard|theorem|asymptotic|fault[- ]toleran\w+|replication|sharding|downtime|consistency|performance|eigen\w+|differential|stochastic|bayesian|proof|intermittent\w*|flaky|corrupt\w*|segfault\w*|exactly[- ]once|multi-region|idempoten\w+)\b|interbloque|distribu(?:[ií]d|é)|latência|latencia|latenz|latence|verteilt|concurrencia|verklemm|nebenläufig|unter last|sperren|interblocage|concurrence|verrou|concorrência|impasse|взаимн\S* блокировк|конкурент|под нагрузк|распредел[её]нн|задержк|死锁|并发|高负载|锁|分布式|架构|デッドロック|並行|高負荷|ロック|分散|延迟|遅延/g

/** `small` only bounds the difficulty: the model still ranks what it matches. */
export type ShapeRule = 'simple' | 'small' | 'complex' | null

interface Shape {
  /** Logit that a cheap model fails. */
  readonly logit: number
  /** The verdict of the rules alone; null leaves it to the model. */
  readonly rule: ShapeRule
}

/** An instruction longer than this is a problem statement: the rules read its opening only, and leave it to the model. */
const INSTRUCTION = 400

/** Shape of a lower-case instruction without courtesy. */
export function readShape(low: string): Shape {
  const opening = low.slice(0, INSTRUCTION)
  const demand = distinct(opening, DEMAND)
  const concept = distinct(opening, CONCEPT)
  const small = demand === 0 && concept < 2 && low.length <= 120 && (isGreeting(low) || STEP.test(low))
  const hard = low.length <= INSTRUCTION && ((demand > 0 && concept > 0) || concept > 1 || (PROOF.test(low) && !low.includes('\n')))
  let logit = -1.3 + 0.25 * Math.log1p(Math.min(low.length, 1200) / 48)
  logit += 0.7 * Math.min(demand, 3) + 0.45 * Math.min(concept, 3) + (hard ? 0.6 : 0) - (small ? 1.2 : 0)
  const rule = small ? 'simple' : hard ? 'complex' : demand === 0 && concept === 0 && isSmallAsk(low) ? 'small' : null
  return { logit, rule }
}

function distinct(text: string, pattern: RegExp): number {
  const found = text.match(pattern)
  return found === null ? 0 : new Set(found).size
}

/** Length within which a one-line request is read completely. */
const SMALL_ASK = 64

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
function isSmallAsk(low: string): boolean {
  return low.length <= SMALL_ASK && !low.includes('\n') && (ENGLISH.test(low) || LATIN.test(low) || CYRILLIC.test(low) || EAST.test(low))
}
