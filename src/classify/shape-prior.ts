/**
 * A hand-made prior for short instructions, such as people give to agents, where no benchmark speaks: what is asked counts
 * (an investigation, a redesign, concurrency), not how long or how politely it is asked.
 */
const EASY =
  /^(?:hi|hello|hey|thanks|thank you|ok|yes|no|good (?:morning|evening)|hola|hallo|bonjour|olá|привет|你好|こんにちは)\b|^(?:please |can you |could you )*(?:list|show|print|open|cat|rename|delete|remove|move|copy|format|run|read|count|what time|add a comment|say)\b/
const DEMAND =
  /\b(?:redesign|re-?architect|architect|design|prove|derive|investigate|find out why|root cause|figure out why|diagnose|refactor|migrate|optimi[sz]e|implement|rewrite|reverse[- ]engineer|formally|from scratch)\b|rediseñ|neu entwerf|reconce|redesenh|перепроектир|выясни|докажи|重新设计|证明|重构|再設計|設計し|証明/g
const CONCEPT =
  /\b(?:deadlocks?|race conditions?|concurren(?:cy|t)|locking|mutex|distributed|consensus|transaction(?:al|s)?|scalab|throughput|latency|memory leak|garbage collector|compiler|kernel|cryptograph|security|vulnerab|thread|async|under load|architecture|backward compatib|invariants?|complexity|np-hard|theorem|asymptotic|fault[- ]toleran|replication|sharding|zero[- ]downtime|consistency|performance|eigen|differential|stochastic|bayesian|proof)|interbloque|verklemm|interblocage|взаимн\S* блокировк|死锁|并发|デッドロック|並行/g

/** Logit that a cheap model fails. */
export function shapePrior(low: string): number {
  const words = low.length / 6
  const demand = distinct(low, DEMAND)
  const concept = distinct(low, CONCEPT)
  const both = demand > 0 && concept > 0 ? 1 : 0
  let z = -1.3 + 0.25 * Math.log1p(words / 8)
  z += 0.7 * Math.min(demand, 3) + 0.45 * Math.min(concept, 3) + 0.6 * both
  if (EASY.test(low) && demand === 0) z -= 1.2
  return z
}

function distinct(text: string, pattern: RegExp): number {
  return new Set(text.match(pattern) ?? []).size
}
