import { isGreeting } from './greeting.js'
import { isSmallAsk } from './small-asks.js'

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
