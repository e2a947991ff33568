import type { FunctionTool, Loss, Request, Tool, ToolChoice } from '../../canonical/index.js'
import { entry } from '../../kit/index.js'
import type { Target } from '../codec.js'
import { isSpelled, spelled, wireFields } from '../extra.js'
import { isRecord, type Json, leftover, mayRecord, mayString, mayStrings, needArray, needRecord, needString, present } from '../json.js'
import { lose } from '../losses.js'
import { grammarAsFunction, loseSearch } from '../vendor-tools.js'
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
function usualLayout(tools: readonly Tool[]): number[] {
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

type Group = Record<string, unknown> & { functionDeclarations?: Json[] }

/** Tool objects as this format groups them; what it cannot say is left out and listed. */
export function writeTools(request: Request, target: Target, losses: Loss[]): Json[] {
  const functions = request.tools.some((tool) => tool.type !== 'hosted')
  const hosts = !functions || target.accepts.needs.includes('mixed-tools')
  const tools = request.tools.filter((tool) => isKnown(tool, hosts, losses))
  const kept = request.extra?.['~layout'] as readonly number[] | undefined
  const layout = request.format === 'gemini' && kept?.length === tools.length ? kept : usualLayout(tools)
  const groups = new Map<number, Group>()
  for (const [i, tool] of tools.entries()) {
    const group = entry(groups, layout[i]!, (): Group => ({}))
    if (tool.type === 'hosted') Object.assign(group, tool.format === 'gemini' ? tool.value : { googleSearch: {} })
    else {
      group.functionDeclarations ??= []
      group.functionDeclarations.push(
        tool.type === 'function'
          ? writeFunction(tool, request.format === 'gemini', losses)
          : writeFunction(grammarAsFunction(tool, losses), false, losses),
      )
    }
  }
  return [...groups.values()]
}

function isKnown(tool: Tool, hosts: boolean, losses: Loss[]): boolean {
  if (tool.type !== 'hosted' || tool.format === 'gemini') return true
  if (tool.search !== undefined && hosts) {
    loseSearch(tool.search, ['allowedDomains', 'blockedDomains', 'maxUses', 'location'], losses)
    return true
  }
  if (tool.search !== undefined) {
    lose(losses, `tools.${tool.name}`, 'This generation hosts no tools beside functions.', true)
    return false
  }
  lose(losses, `tools.${tool.name}`, `A hosted tool of ${tool.format} has no counterpart.`, true)
  return false
}

function writeFunction(tool: FunctionTool, own: boolean, losses: Loss[]): Json {
  const { name, description, schema, extra } = tool
  if (own && isSpelled(extra, '~parameters')) return { ...wireFields(extra), name, ...present({ description }) }
  if (!own && tool.strict) lose(losses, `tools.${name}.strict`, 'There are no strict functions.')
  return { ...(own ? wireFields(extra) : {}), name, ...present({ description, parametersJsonSchema: schema }) }
}

/** For a request of another format. Functions beside hosted tools are refused without the flag, and then with the mode AUTO. */
export function writeForeignToolConfig(request: Request, tools: readonly Json[]): Json | undefined {
  const config = writeToolConfig(request, tools.length > 0)
  const isMixed = tools.some((group) => group.functionDeclarations !== undefined) && !tools.every((group) => group.functionDeclarations)
  if (!isMixed) return config
  // https://ai.google.dev/gemini-api/docs/tool-combination
  return {
    ...(request.toolChoice === 'auto' ? { functionCallingConfig: { mode: 'VALIDATED' } } : config),
    includeServerSideToolInvocations: true,
  }
}

export function writeToolConfig(request: Request, hasTools: boolean): Json | undefined {
  const kept = request.format === 'gemini' && isRecord(request.extra?.toolConfig) ? request.extra.toolConfig : undefined
  const { toolChoice } = request
  if (kept !== undefined && JSON.stringify(readToolChoice(kept)) === JSON.stringify(toolChoice)) return kept
  if (toolChoice === undefined || (!hasTools && kept === undefined)) return kept
  return { ...kept, functionCallingConfig: choiceConfig(toolChoice) }
}

const MODES = { auto: 'AUTO', none: 'NONE', required: 'ANY' } as const

function choiceConfig(choice: ToolChoice): Json {
  if (typeof choice === 'object') {
    if ('name' in choice) return { mode: 'ANY', allowedFunctionNames: [choice.name] }
    return { mode: choice.mode === 'required' ? 'ANY' : 'VALIDATED', allowedFunctionNames: choice.allowed }
  }
  return { mode: MODES[choice] }
}
