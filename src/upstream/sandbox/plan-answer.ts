import type { ModelRev } from '../../catalog/types.js'
import { hashText, seededRandom } from '../../kit/index.js'
import { fillSchema } from './fill-schema.js'
import { CHARS_PER_TOKEN, countTokens, writeProse } from './prose.js'
import type { ChatBody } from './read-chat.js'

export interface PlannedAnswer {
  readonly text: string
  readonly toolCall: { readonly id: string; readonly name: string; readonly args: string } | null
  readonly finish: 'stop' | 'length' | 'tool_calls'
  readonly outputTokens: number
  /** Part of `outputTokens`; 0 for models that do not reason. */
  readonly reasoningTokens: number
}

/** Median length of an answer by an average model, tokens, and the spread of its logarithm. */
const MEDIAN_TOKENS = 140
const SPREAD = 0.6

/** The answer of a simulated model: the same for the same model, conversation and seed. */
export function planAnswer(rev: ModelRev, body: ChatBody, seed: number, choice: number): PlannedAnswer {
  // The model's name is left out of the length, so that verbosity is the only difference between two models.
  const shape = seededRandom(hashText(`${choice} ${body.texts.join('\n')}`, seed))
  const normal = shape() + shape() + shape() + shape() - 2
  const wanted = Math.round(MEDIAN_TOKENS * rev.verbosity * Math.exp(SPREAD * 1.7 * normal))
  const reasoningTokens = rev.reasoning ? Math.round(wanted * 1.5) : 0
  const tool = chooseTool(body)
  if (tool !== null) {
    const args = JSON.stringify(fillSchema(tool.schema, 'simulated'))
    const id = `call_sim${hashText(`${tool.name} ${body.texts.join('\n')}`, seed).toString(36)}`
    return {
      text: '',
      toolCall: { id, name: tool.name, args },
      finish: 'tool_calls',
      outputTokens: countTokens(args) + 8,
      reasoningTokens: 0,
    }
  }
  const text = writeText(rev, body, wanted, seededRandom(hashText(rev.id + body.texts.join('\n'), seed)))
  const outputTokens = countTokens(text) + reasoningTokens
  if (outputTokens <= body.limit) return { text, toolCall: null, finish: 'stop', outputTokens, reasoningTokens }
  const room = Math.max(0, body.limit - reasoningTokens)
  return {
    text: text.slice(0, Math.floor(room * CHARS_PER_TOKEN)),
    toolCall: null,
    finish: 'length',
    outputTokens: body.limit,
    reasoningTokens: Math.min(reasoningTokens, body.limit),
  }
}

function writeText(rev: ModelRev, body: ChatBody, tokens: number, random: () => number): string {
  if (body.json !== null) return JSON.stringify(fillSchema(body.json.schema, 'simulated'))
  if (body.lastRole === 'tool') {
    const result = body.lastText.replace(/\s+/g, ' ').trim().slice(0, 200)
    return `[simulated answer from ${rev.id}] The tool returned: ${result}`
  }
  return writeProse(rev.id, body.question, tokens, random)
}

/** A tool is called when required, or when the user names one or asks for "a tool"; never right after a tool's result. */
function chooseTool(body: ChatBody): ChatBody['tools'][number] | null {
  const { choice, tools, question } = body
  if (tools.length === 0 || choice.kind === 'none') return null
  if (choice.kind === 'named') return tools.find((t) => t.name === choice.name) ?? null
  if (choice.kind === 'any') return tools[0] ?? null
  if (body.lastRole === 'tool') return null
  const named = tools.find((t) => question.includes(t.name))
  return named ?? (/\b(use|call|run)\b[^.]{0,20}\btools?\b/i.test(question) ? (tools[0] ?? null) : null)
}
