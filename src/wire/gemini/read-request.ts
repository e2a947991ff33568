import type { Extra, OutputFormat, Reasoning, Request } from '../../canonical/index.js'
import { Fault } from '../../kit/index.js'
import type { ReadContext } from '../codec.js'
import { isEffort } from '../effort.js'
import { isRecord, type Json, leftover, mayBoolean, mayNumber, mayRecord, mayString, needRecord, present } from '../json.js'
import { GEMINI_SAMPLING, readSampling } from '../sampling.js'
import { camelCased } from './camel-case.js'
import { readContents, readSystem } from './contents.js'
import { toJsonSchema } from './json-schema.js'
import { readToolChoice, readTools } from './tools.js'

const KNOWN = new Set(['contents', 'systemInstruction', 'tools', 'toolConfig', 'generationConfig'])

/** The body of `generateContent`, and of `countTokens`, which may wrap it. The model and the way of answering stand in the path. */
export function readRequest(value: unknown, context: ReadContext): Request {
  const sent = camelCased(needRecord(value, 'body'))
  const body = isRecord(sent.generateContentRequest) ? sent.generateContentRequest : sent
  const config = mayRecord(body.generationConfig, 'generationConfig') ?? {}
  const { tools, layout } = readTools(body.tools)
  return {
    format: 'gemini',
    model: readModel(body, context),
    messages: [...readSystem(body.systemInstruction), ...readContents(body.contents)],
    tools,
    sampling: readSampling(config, GEMINI_SAMPLING, 'generationConfig.'),
    stream: context.urlStream ?? false,
    ...present({
      toolChoice: readToolChoice(body.toolConfig),
      output: readOutput(config),
      reasoning: readReasoning(config),
      maxOutputTokens: mayNumber(config.maxOutputTokens, 'generationConfig.maxOutputTokens'),
      needs: body.cachedContent == null ? undefined : (['hosted-google'] as const),
      extra: readExtra(body, layout, tools.length === 0),
    }),
  }
}

function readModel(body: Json, context: ReadContext): string {
  const model = context.urlModel ?? mayString(body.model, 'model')
  if (model === undefined) throw new Fault('E_BAD_REQUEST', 'model: the path names none', { param: 'model', final: true })
  return model.replace(/^models\//, '')
}

function readOutput(config: Json): OutputFormat | undefined {
  const schema = config.responseJsonSchema ?? (isRecord(config.responseSchema) ? toJsonSchema(config.responseSchema) : undefined)
  const type = mayString(config.responseMimeType, 'generationConfig.responseMimeType')
  if (type !== undefined && type !== 'application/json') return undefined
  if (isRecord(schema)) return { type: 'json-schema', schema }
  return type === undefined ? undefined : { type: 'json' }
}

/** A budget of 0 turns thinking off, one of -1 leaves it to the model. */
function readReasoning(config: Json): Reasoning | undefined {
  const thinking = mayRecord(config.thinkingConfig, 'generationConfig.thinkingConfig')
  if (thinking === undefined) return undefined
  const budget = mayNumber(thinking.thinkingBudget, 'generationConfig.thinkingConfig.thinkingBudget')
  const level = mayString(thinking.thinkingLevel, 'generationConfig.thinkingConfig.thinkingLevel')?.toLowerCase()
  return present({
    mode: budget === undefined ? undefined : budget === 0 ? 'off' : budget < 0 ? 'adaptive' : 'enabled',
    budgetTokens: budget !== undefined && budget > 0 ? budget : undefined,
    effort: isEffort(level) ? level : undefined,
    summary: mayBoolean(thinking.includeThoughts, 'generationConfig.thinkingConfig.includeThoughts') === true ? 'auto' : undefined,
  } as const)
}

/** Unknown fields, and the objects that have a neutral side and more: the writer lays the neutral values over them. */
function readExtra(body: Json, layout: readonly number[] | undefined, noTools: boolean): Extra | undefined {
  const extra: Record<string, unknown> = { ...leftover(body, KNOWN) }
  if (layout !== undefined) extra['~layout'] = layout
  if (Array.isArray(body.tools) && noTools) extra.tools = body.tools
  for (const field of ['toolConfig', 'generationConfig']) if (isRecord(body[field])) extra[field] = body[field]
  return Object.keys(extra).length === 0 ? undefined : extra
}
