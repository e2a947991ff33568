import type { Loss, Request } from '../../canonical/index.js'
import type { Target, Written } from '../codec.js'
import { wireFields } from '../extra.js'
import { fitNames, type NameRule } from '../fit-names.js'
import { fitTurns, hasCacheMarks } from '../fit-turns.js'
import { present } from '../json.js'
import { lose, loseExtras } from '../losses.js'
import { applySplices } from '../splices.js'
import { writeContents } from './contents.js'
import { fitParts, fitResults } from './fit-parts.js'
import { relaySplices } from './relay.js'
import { writeForeignToolConfig, writeToolConfig, writeTools } from './tools.js'
import { writeForeignConfig, writeOwnConfig } from './write-config.js'

/** https://ai.google.dev/api/caching#FunctionDeclaration */
const NAMES: NameRule = { legal: /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/, illegal: /[^a-zA-Z0-9_.:-]/gu, longest: 64 }

/** A `generateContent` body. One that came in this format is sent unchanged; one of another format is adapted to this vendor's rules. */
export function writeRequest(client: Request, target: Target): Written {
  const losses: Loss[] = []
  const own = client.format === 'gemini'
  const { request, names } = own ? { request: client } : fitNames(client, NAMES, losses)
  const body = own ? writeOwn(request, target, losses) : writeForeign(request, target, losses)
  return { body: applySplices(body, relaySplices(body, target), losses), losses, ...present({ names }) }
}

function writeOwn(request: Request, target: Target, losses: Loss[]): Record<string, unknown> {
  const tools = writeTools(request, target, losses)
  return {
    ...wireFields(request.extra),
    ...writeContents(request.messages),
    ...present({
      tools: tools.length > 0 ? tools : undefined,
      toolConfig: writeToolConfig(request, tools.length > 0),
      generationConfig: writeOwnConfig(request),
    }),
  }
}

function writeForeign(request: Request, target: Target, losses: Loss[]): Record<string, unknown> {
  const turns = fitTurns(request, fitParts, target, losses)
  const tools = writeTools(request, target, losses)
  if (hasCacheMarks(request)) lose(losses, 'cache_control', 'The vendor caches by itself.')
  if (request.parallelToolCalls === false) lose(losses, 'parallel_tool_calls', 'The vendor cannot be told to call one tool at a time.')
  loseExtras(request, losses)
  return {
    ...writeContents(fitResults(turns, target.accepts.thinking === 'effort')),
    ...present({
      tools: tools.length > 0 ? tools : undefined,
      toolConfig: writeForeignToolConfig(request, tools),
      generationConfig: writeForeignConfig(request, target, tools.length > 0, losses),
    }),
  }
}
