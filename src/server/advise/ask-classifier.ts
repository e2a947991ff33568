import type { Request } from '../../canonical/index.js'
import {
  type AskedVerdict,
  applyVerdict,
  CLASSIFIER_MAX_TOKENS,
  classifierPrompt,
  estimateTokens,
  parseClassifierReply,
  type Signals,
} from '../../classify/index.js'
import { forgetOldest } from '../../kit/index.js'
import type { AttemptRow } from '../../ledger/index.js'
import type { AskPorts, PoolModel } from '../../route/index.js'
import { codecFor } from '../../wire/index.js'
import { askPool, type Terms, upperCost } from './ask-pool.js'

interface ModelClassifier {
  readonly model: PoolModel
  readonly timeoutMs: number
  readonly maxUsdPerCall: number
}

/** How much the model's verdict counts against the local one. */
const WEIGHT = 0.7
/** Texts whose verdicts are remembered, at most; the least recently asked about are forgotten. */
const MOST_KNOWN = 1000

/**
 * Asks a model how hard a request is; its verdict on a text is cached. The local verdict stands when the model is late, too expensive or
 * unclear, or when no budget has room for the question.
 */
export function createModelClassifier({ model, timeoutMs, maxUsdPerCall }: ModelClassifier, ports: AskPorts) {
  const known = new Map<string, AskedVerdict>()
  const heed = (signals: Signals, verdict: AskedVerdict): Signals => applyVerdict(signals, 'classifier', verdict, WEIGHT)
  return async (signals: Signals, text: string, terms: Terms): Promise<{ signals: Signals; row: AttemptRow | null }> => {
    const { system, user } = classifierPrompt(text)
    const before = known.get(user)
    if (before !== undefined) {
      known.delete(user)
      known.set(user, before)
      return { signals: heed(signals, before), row: null }
    }
    const request = requestOf(model, system, user)
    const inputTokens = estimateTokens(system) + estimateTokens(user) + 8
    const most = upperCost(model.rev, inputTokens, CLASSIFIER_MAX_TOKENS)
    if ((most !== null && most > maxUsdPerCall * 1e9) || !terms.hold(most ?? 0)) return { signals, row: null }
    const target = { name: model.rev.name, accepts: model.rev.accepts, keepsReasoning: false, clampOutput: null }
    const codec = codecFor(model.rev.wire)
    const body = () => codec.writeRequest(request, target).body
    const asked = await askPool(model, { codec, body, inputTokens, leftMs: timeoutMs }, terms, ports)
    if (asked === null) return { signals, row: null }
    const verdict = asked.answer === null ? null : parseClassifierReply(replyText(model, asked.answer))
    if (verdict === null) return { signals, row: asked.row }
    known.set(user, verdict)
    forgetOldest(known, MOST_KNOWN)
    return { signals: heed(signals, verdict), row: asked.row }
  }
}

function requestOf({ rev }: PoolModel, system: string, user: string): Request {
  return {
    format: rev.wire,
    model: rev.name,
    messages: [
      { role: 'system', parts: [{ type: 'text', text: system }] },
      { role: 'user', parts: [{ type: 'text', text: user }] },
    ],
    tools: [],
    sampling: { temperature: 0 },
    maxOutputTokens: CLASSIFIER_MAX_TOKENS,
    stream: false,
  }
}

function replyText({ rev }: PoolModel, body: unknown): string {
  const parts = codecFor(rev.wire).readReply(body).choices[0]?.parts ?? []
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
}
