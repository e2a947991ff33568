import type { Loss, Request } from '../../canonical/index.js'
import type { Target, Written } from '../codec.js'
import { wireFields } from '../extra.js'
import { fitNames, type NameRule } from '../fit-names.js'
import { isRecord, type Json, present, recordOf } from '../json.js'
import { lose } from '../losses.js'
import { MESSAGES_SAMPLING, writeSampling } from '../sampling.js'
import { applySplices } from '../splices.js'
import { mostOutput } from '../target.js'
import { writeMessages } from './messages.js'
import { relaySplices } from './relay.js'
import { writeToolChoice, writeTools } from './tools.js'
import { writeForeign } from './write-foreign.js'

/** The vendor requires a limit: the client's, else the model's own most, else this many tokens. */
const DEFAULT_LIMIT = 4096

const NAMES: NameRule = { legal: /^[a-zA-Z0-9_-]{1,128}$/, illegal: /[^a-zA-Z0-9_-]/gu, longest: 128 }

/** A `/v1/messages` body. One that came in this format is sent unchanged; one of another format is adapted to this vendor's rules. */
export function writeRequest(client: Request, target: Target): Written {
  const losses: Loss[] = []
  const own = client.format === 'anthropic-messages'
  const { request, names } = own ? { request: client } : fitNames(client, NAMES, losses)
  const asked = request.maxOutputTokens ?? target.accepts.maxOutput ?? DEFAULT_LIMIT
  const limit = own ? asked : Math.min(asked, mostOutput(target))
  if (limit < asked) lose(losses, 'max_tokens', `Clamped to ${limit}, the most the model writes.`)
  const body = {
    ...(own ? writeOwn(request, losses) : writeForeign(request, target, limit, losses)),
    model: target.name,
    max_tokens: limit,
    ...present({
      stream: request.stream || undefined,
      metadata: own ? over(request.extra?.metadata, { user_id: request.userId }) : undefined,
    }),
  }
  return { body: applySplices(body, relaySplices(body, target), losses), losses, ...present({ names }) }
}

function writeOwn(request: Request, losses: Loss[]): Record<string, unknown> {
  const { reasoning, output, sampling, extra } = request
  const tools = writeTools(request, losses)
  const mode = reasoning?.mode === 'off' ? 'disabled' : reasoning?.mode
  const kept = isRecord(extra?.output_config) ? extra.output_config.format : undefined
  const format = output?.type === 'json-schema' ? over(kept, { type: 'json_schema', schema: output.schema }) : undefined
  return {
    ...wireFields(extra),
    ...writeMessages(request.messages),
    ...writeSampling(sampling, MESSAGES_SAMPLING),
    ...present({
      service_tier: request.serviceTier,
      tools: tools.length > 0 ? tools : undefined,
      tool_choice: writeToolChoice(request, tools.length > 0),
      // The client's own words, where it has any, say more: models differ in the word for no thinking.
      thinking: extra?.thinking ?? over(undefined, { type: mode, budget_tokens: reasoning?.budgetTokens }),
      output_config: over(extra?.output_config, { effort: reasoning?.effort, format }),
    }),
  }
}

/** Neutral values over the object as the client sent it; undefined when there is neither. */
function over(kept: unknown, values: Json): Json | undefined {
  const fields = { ...recordOf(kept), ...present(values) }
  return Object.keys(fields).length > 0 || isRecord(kept) ? fields : undefined
}
