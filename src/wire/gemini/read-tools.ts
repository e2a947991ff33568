import type { Tool, ToolChoice } from '../../canonical/index.js'
import { spelled } from '../extra.js'
import { isRecord, type Json, leftover, mayRecord, mayString, mayStrings, needArray, needRecord, needString, present } from '../json.js'
import { toJsonSchema } from './json-schema.js'

const KNOWN_IN_FUNCTION = new Set(['name', 'description', 'parametersJsonSchema'])

export interface ReadTools {
  readonly tools: readonly Tool[]
  /** For each tool, the index of the wire's tool object that it came from; absent when the usual grouping gives the same. */
  readonly layout?: readonly number[]
}

/** A tool object holds any number of functions and of built-in tools; neutrally each is a tool. */
export function readTools(value: unknown): ReadTools {
  if (value === undefined || value === null) return { tools: [] }
  const tools: Tool[] = []
  const layout: number[] = []
  for (const [i, raw] of needArray(value, 'tools').entries()) {
    const path = `tools.${i}`
    const { functionDeclarations, ...builtIn } = needRecord(raw, path)
    for (const [j, declaration] of needArray(functionDeclarations ?? [], `${path}.functionDeclarations`).entries()) {
      const at = `${path}.functionDeclarations.${j}`
      tools.push(readFunction(needRecord(declaration, at), at))
      layout.push(i)
    }
    for (const [name, settings] of Object.entries(builtIn)) {
      const search = name === 'googleSearch' || name === 'googleSearchRetrieval' ? {} : undefined
      tools.push({ type: 'hosted', name, format: 'gemini', value: { [name]: settings }, ...present({ search }) })
      layout.push(i)
    }
  }
  const usual = usualLayout(tools)
  return layout.every((at, i) => at === usual[i]) ? { tools } : { tools, layout }
}

/** Functions next to each other share a tool object; a built-in tool has one of its own. */
export function usualLayout(tools: readonly Tool[]): number[] {
  let at = -1
  return tools.map((tool, i) => {
    if (tool.type !== 'function' || tools[i - 1]?.type !== 'function') at++
    return at
  })
}

function readFunction(declaration: Json, path: string): Tool {
  const { parameters, parametersJsonSchema } = declaration
  const fromParameters = isRecord(parameters) && (parametersJsonSchema === undefined || parametersJsonSchema === null)
  return {
    type: 'function',
    name: needString(declaration.name, `${path}.name`),
    ...present({
      description: mayString(declaration.description, `${path}.description`),
      schema: parametersJsonSchema ?? (fromParameters ? toJsonSchema(parameters) : undefined),
      extra: spelled(leftover(declaration, KNOWN_IN_FUNCTION), { '~parameters': fromParameters }),
    }),
  }
}

export function readToolChoice(value: unknown): ToolChoice | undefined {
  const config = mayRecord(mayRecord(value, 'toolConfig')?.functionCallingConfig, 'toolConfig.functionCallingConfig')
  const mode = mayString(config?.mode, 'toolConfig.functionCallingConfig.mode')
  const allowed = mayStrings(config?.allowedFunctionNames, 'toolConfig.functionCallingConfig.allowedFunctionNames') ?? []
  switch (mode?.toUpperCase()) {
    case 'AUTO':
      return 'auto'
    case 'NONE':
      return 'none'
    case 'ANY':
      return allowed.length === 0 ? 'required' : allowed.length === 1 ? { name: allowed[0]! } : { allowed, mode: 'required' }
    case 'VALIDATED':
      return allowed.length === 0 ? 'auto' : { allowed, mode: 'auto' }
    default:
      return undefined
  }
}
