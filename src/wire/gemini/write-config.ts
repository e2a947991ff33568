import type { Loss, Request, ToolChoice } from '../../canonical/index.js'
import type { Target } from '../codec.js'
import { isRecord, type Json, present, recordOf } from '../json.js'
import { lose } from '../losses.js'
import { GEMINI_SAMPLING, writeSampling } from '../sampling.js'
import { mostOutput } from '../target.js'
import { writeThinking } from './write-thinking.js'

/** The vendor takes five. */
const MOST_STOPS = 5

/** `generationConfig` as the client sent it, under the neutral values. Output, schema and thinking stay as they were spelled. */
export function writeOwnConfig(request: Request): Json | undefined {
  const kept = request.extra?.generationConfig
  const config = {
    ...recordOf(kept),
    ...writeSampling(request.sampling, GEMINI_SAMPLING),
    ...present({ maxOutputTokens: request.maxOutputTokens }),
  }
  return Object.keys(config).length > 0 || isRecord(kept) ? config : undefined
}

export function writeForeignConfig(request: Request, target: Target, hasTools: boolean, losses: Loss[]): Json | undefined {
  const { sampling: s } = request
  if (s.logitBias !== undefined) lose(losses, 'logitBias', 'The vendor has no such parameter.')
  if ((s.stop?.length ?? 0) > MOST_STOPS) lose(losses, 'stop', `The vendor takes ${MOST_STOPS} stop sequences.`, true)
  const most = mostOutput(target)
  const asked = request.maxOutputTokens
  if (asked !== undefined && asked > most) {
    lose(losses, 'maxOutputTokens', `Clamped to ${most}, the most the model writes.`)
  }
  const config = {
    // A number of alternatives without the log probabilities themselves is a 400.
    ...writeSampling({ ...s, stop: s.stop?.slice(0, MOST_STOPS), topLogprobs: s.logprobs ? s.topLogprobs : undefined }, GEMINI_SAMPLING),
    ...writeOutput(request, hasTools, losses),
    ...present({
      maxOutputTokens: asked === undefined ? (target.clampOutput ?? undefined) : Math.min(asked, most),
      thinkingConfig: writeThinking(request.reasoning, target, losses),
    }),
  }
  return Object.keys(config).length > 0 ? config : undefined
}

/** "Forced function calling (ANY mode) with a response mime type: 'application/json' is unsupported" (github.com/vercel/ai/pull/16540). */
function writeOutput({ output, toolChoice }: Request, hasTools: boolean, losses: Loss[]): Json {
  if (output === undefined) return {}
  if (hasTools && isForced(toolChoice)) {
    lose(losses, 'response_format', 'The model is made to call a tool.')
    return {}
  }
  return { responseMimeType: 'application/json', ...(output.type === 'json-schema' ? { responseJsonSchema: output.schema } : {}) }
}

function isForced(choice: ToolChoice | undefined): boolean {
  return choice === 'required' || (typeof choice === 'object' && !('mode' in choice && choice.mode === 'auto'))
}
