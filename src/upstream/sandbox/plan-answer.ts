import type { Tool } from '../../canonical/index.js'
import type { ModelRev } from '../../catalog/types.js'
import { hashText, seededRandom } from '../../kit/index.js'
import { fillSchema } from './fill-schema.js'
import { CHARS_PER_TOKEN, countTokens, writeProse } from './prose.js'
import type { Prompt } from './read-prompt.js'

export interface PlannedAnswer {
  readonly text: string
  readonly toolCall: { readonly id: string; readonly name: string; readonly args: string } | null
  readonly finish: 'stop' | 'length' | 'tool-calls'
  readonly outputTokens: number
  /** Part of `outputTokens`; 0 for models that do not reason. */
  readonly reasoningTokens: number
}

/** Median length of an answer by an average model, tokens, and the spread of its logarithm. */
const MEDIAN_TOKENS = 140
const SPREAD = 0.6

/** The answer of a simulated model: the same for the same model, conversation and seed. */
export function planAnswer(rev: ModelRev, prompt: Prompt, seed: number, choice: number): PlannedAnswer {
  // The model's name is left out of the length, so that verbosity is the only difference between two models.
  const shape = seededRandom(hashText(`${choice} ${prompt.texts.join('\n')}`, seed))
  const normal = shape() + shape() + shape() + shape() - 2
  const wanted = Math.round(MEDIAN_TOKENS * rev.verbosity * Math.exp(SPREAD * 1.7 * normal))
  const reasoningTokens = rev.reasoning ? Math.round(wanted * 1.5) : 0
  const tool = chooseTool(prompt)
  if (tool !== null) {
    const args = JSON.stringify(fillSchema(tool.schema, 'simulated'))
    const id = `call_sim${hashText(`${tool.name} ${prompt.texts.join('\n')}`, seed).toString(36)}`
    return {
      text: '',
      toolCall: { id, name: tool.name, args },
      finish: 'tool-calls',
      outputTokens: countTokens(args) + 8,
      reasoningTokens: 0,
    }
  }
  const text = writeText(rev, prompt, wanted, seededRandom(hashText(rev.id + prompt.texts.join('\n'), seed)))
  const outputTokens = countTokens(text) + reasoningTokens
  const limit = prompt.request.maxOutputTokens ?? Number.POSITIVE_INFINITY
  if (outputTokens <= limit) return { text, toolCall: null, finish: 'stop', outputTokens, reasoningTokens }
  const room = Math.max(0, limit - reasoningTokens)
  return {
    text: text.slice(0, Math.floor(room * CHARS_PER_TOKEN)),
    toolCall: null,
    finish: 'length',
    outputTokens: limit,
    reasoningTokens: Math.min(reasoningTokens, limit),
  }
}

function writeText(rev: ModelRev, { request, ...prompt }: Prompt, tokens: number, random: () => number): string {
  const { output } = request
  if (output !== undefined) return JSON.stringify(fillSchema(output.type === 'json' ? { type: 'object' } : output.schema, 'simulated'))
  if (prompt.lastRole === 'tool') {
    const result = prompt.lastText.replace(/\s+/g, ' ').trim().slice(0, 200)
    return `[simulated answer from ${rev.id}] The tool returned: ${result}`
  }
  return writeProse(rev.id, prompt.question, tokens, random)
}

/** A tool is called when required, or when the user names one or asks for "a tool"; never right after a tool's result. */
function chooseTool({ request, question, lastRole }: Prompt): Extract<Tool, { type: 'function' }> | null {
  const { toolChoice: choice = 'auto' } = request
  const tools = request.tools.filter((tool) => tool.type === 'function')
  const [first = null] = tools
  if (first === null || choice === 'none') return null
  if (typeof choice === 'object' && 'name' in choice) return tools.find(({ name }) => name === choice.name) ?? null
  if (choice === 'required') return first
  if (lastRole === 'tool') return null
  const named = tools.find(({ name }) => question.includes(name))
  return named ?? (/\b(use|call|run)\b[^.]{0,20}\btools?\b/i.test(question) ? first : null)
}
