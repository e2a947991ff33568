import type { Choice, Part, Reply, Request } from '../../canonical/index.js'
import { parseJson } from '../../kit/index.js'
import { fitsSchema } from './fits-schema.js'

/** The judge's score for an answer: 1 is fine, 0 useless; `reasons` are in words, the most serious first. */
interface Judgement {
  readonly score: number
  readonly reasons: readonly string[]
}

interface Flaw {
  /** Factor applied to the score. */
  readonly keeps: number
  readonly reason: string
}

const REFUSAL =
  /^\W*(?:i['’]?m sorry|sorry|i apologi[sz]e|i (?:can['’]?t|cannot|can not|am unable to|won['’]?t|am not able to)|as an ai(?: language)? model|unfortunately,? i (?:can['’]?t|cannot)|es tut mir leid|je suis désolé|lo siento|não posso|申し訳|抱歉|对不起|не могу)/i
const HEDGES =
  /\b(?:i['’]?m not (?:entirely |completely )?sure|i (?:don['’]?t|do not) (?:actually )?know|it(?:['’]s| is) (?:hard|difficult) to say|i (?:may|might) be wrong|i(?:['’]m| am) guessing|without (?:more|further) (?:information|context)|i don['’]?t have (?:enough|access))\b/gi
/** Mean log probability of a token below which an answer was mostly guessed: 0.45 a token. */
const LOW_LOGPROB = Math.log(0.45)

function textOf(parts: readonly Part[]): string {
  return parts.map((p) => (p.type === 'text' ? p.text : '')).join('')
}

function judgeToolCalls(parts: readonly Part[], request: Request): Flaw | null {
  for (const part of parts) {
    if (part.type !== 'tool-call') continue
    const tool = request.tools.find((t) => t.name === part.name)
    if (tool === undefined) return { keeps: 0.05, reason: `it calls ${part.name}, which was not offered` }
    if (tool.type !== 'function') continue
    const args = part.args === '' ? {} : parseJson(part.args)
    if (args === undefined) return { keeps: 0.05, reason: `the arguments of ${part.name} are not JSON` }
    const misfit = fitsSchema(args, tool.schema)
    if (misfit !== null) return { keeps: 0.1, reason: `the arguments of ${part.name} do not fit its schema: ${misfit}` }
  }
  return null
}

function judgeOutput(text: string, request: Request): Flaw | null {
  const { output } = request
  if (output === undefined) return null
  const value = parseJson(text)
  if (value === undefined) return { keeps: 0.05, reason: 'it was to be JSON and is not' }
  const misfit = output.type === 'json-schema' ? fitsSchema(value, output.schema) : null
  return misfit === null ? null : { keeps: 0.1, reason: `it does not fit the schema asked for: ${misfit}` }
}

function meanLogprob(choice: Choice): number | null {
  const values = (choice.logprobs ?? []).flatMap((t) => {
    const value = (t as { logprob?: unknown } | null)?.logprob
    return typeof value === 'number' ? [value] : []
  })
  return values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length
}

function flawsOf(choice: Choice, request: Request): readonly (Flaw | null)[] {
  const text = textOf(choice.parts)
  const calls = choice.parts.some((p) => p.type === 'tool-call')
  const refused = choice.finish === 'refusal' || choice.finish === 'content-filter' || choice.parts.some((p) => p.type === 'refusal')
  const hedges = text.length < 1500 ? (text.match(HEDGES)?.length ?? 0) : 0
  const logprob = meanLogprob(choice)
  return [
    text.trim() === '' && !calls && !refused ? { keeps: 0, reason: 'it is empty' } : null,
    refused || (!calls && text.length < 600 && REFUSAL.test(text)) ? { keeps: 0.15, reason: 'it refuses' } : null,
    choice.finish === 'error' ? { keeps: 0, reason: 'it ended in an error' } : null,
    choice.finish === 'length' ? { keeps: 0.35, reason: 'it was cut at the output limit' } : null,
    calls ? judgeToolCalls(choice.parts, request) : judgeOutput(text, request),
    hedges > 0 ? { keeps: hedges > 1 ? 0.45 : 0.7, reason: 'it hedges' } : null,
    logprob !== null && logprob < LOW_LOGPROB ? { keeps: 0.5, reason: 'its tokens were unlikely' } : null,
  ]
}

/**
 * Judges an answer by what is visible without knowing the right one: empty, refused, cut off, not the requested JSON or tool call, hedging,
 * improbable. Of several choices the worst counts. Each flaw multiplies the score, so flaws accumulate.
 */
export function judgeAnswer(reply: Reply, request: Request): Judgement {
  if (reply.choices.length === 0) return { score: 0, reasons: ['it is empty'] }
  let worst: Judgement = { score: 2, reasons: [] }
  for (const choice of reply.choices) {
    const flaws = flawsOf(choice, request)
      .filter((f) => f !== null)
      .sort((a, b) => a.keeps - b.keeps)
    const score = Math.round(1e6 * flaws.reduce((s, f) => s * f.keeps, 1)) / 1e6
    if (score < worst.score) worst = { score, reasons: flaws.map((f) => f.reason) }
  }
  return worst
}
