import type { Effort, WireFormat } from '../canonical/index.js'
import type { Splice } from './codec.js'
import { spelledKey } from './gemini/camel-case.js'
import { type Json, recordOf } from './json.js'
import { isResponsesBody } from './openai-chat/other-shapes.js'

/** The splice that makes a client's body request this effort, in its format's own terms; it replaces what the body requests. */
export function effortSplices(format: WireFormat, body: Json, effort: Effort): readonly Splice[] {
  switch (format) {
    case 'openai-chat':
      return [isResponsesBody(body) ? sayReasoning(body, effort) : say('reasoning_effort', effort)]
    case 'openai-responses':
      return [sayReasoning(body, effort)]
    case 'anthropic-messages':
      if (effort === 'none') return [say('thinking', { type: 'disabled' })]
      return [say('thinking', { type: 'adaptive' }), say('output_config', { ...recordOf(body.output_config), effort })]
    case 'gemini':
      return [sayThinking(body, effort)]
  }
}

function sayReasoning(body: Json, effort: Effort): Splice {
  return say('reasoning', { ...recordOf(body.reasoning), effort })
}

/** Google's field takes a level or a budget, never both. */
function sayThinking(body: Json, effort: Effort): Splice {
  const field = spelledKey(body, 'generationConfig')
  const config = recordOf(body[field])
  const key = spelledKey(config, 'thinkingConfig')
  const thinking = recordOf(config[key])
  const { [spelledKey(thinking, 'thinkingBudget')]: _budget, [spelledKey(thinking, 'thinkingLevel')]: _level, ...rest } = thinking
  const asked = effort === 'none' ? { thinkingBudget: 0 } : { thinkingLevel: effort.toUpperCase() }
  return say(field, { ...config, [key]: { ...rest, ...asked } })
}

function say(field: string, value: unknown): Splice {
  return { kind: 'set', field, value, why: "the model's name asks for it" }
}
