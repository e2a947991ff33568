/** Stands for a number that differs in every request, so that neither a cache nor deduplication can answer. */
export const NONCE = 'nonce-0000000000'

const CODE =
  'const result = await fetch(url); if (!result.ok) throw new Error(`status $' + '{result.status}`); // look in the cache first\n'
const TOOLS = 40
const TURNS = 20
const ARGUMENTS = ['a', 'b', 'c', 'd', 'e', 'f']

/** One short question, as a chat client sends it. */
export function smallBody(format, model, stream) {
  const question = { role: 'user', content: `Say hello in one short sentence, please. ${NONCE}` }
  const system = 'You are a helpful assistant.'
  const streaming = stream ? { stream: true } : {}
  if (format === 'anthropic') return { model, max_tokens: 256, system, messages: [question], ...streaming }
  const usage = stream ? { stream_options: { include_usage: true } } : {}
  return { model, messages: [{ role: 'system', content: system }, question], ...streaming, ...usage }
}

/** About 200 KB: forty tools and a coding agent's history of twenty steps. */
export function agentBody(format, model) {
  const anthropic = format === 'anthropic'
  const tools = Array.from({ length: TOOLS }, (_, i) => tool(anthropic, i))
  const body = smallBody(format, model, false)
  const task = { role: 'user', content: `Find and fix the bug in the repository, then run the tests. ${NONCE}` }
  const history = Array.from({ length: TURNS }, (_, i) => step(anthropic, i, `${i}:\n${CODE.repeat(56)}`)).flat()
  return { ...body, tools, messages: [...body.messages.slice(0, -1), task, ...history] }
}

function tool(anthropic, i) {
  const property = (name, j) => [name, { type: j % 2 ? 'string' : 'integer', description: `Argument ${name} of tool ${i}: ${CODE}` }]
  const properties = Object.fromEntries(ARGUMENTS.map(property))
  const schema = { type: 'object', properties, required: ['a', 'b'], additionalProperties: false }
  const named = { name: `tool_${i}`, description: `Tool number ${i}. ${CODE.repeat(3)}` }
  return anthropic ? { ...named, input_schema: schema } : { type: 'function', function: { ...named, parameters: schema } }
}

function step(anthropic, i, text) {
  const input = { a: i, b: 'src/index.ts' }
  if (anthropic) {
    return [
      { role: 'assistant', content: [{ type: 'tool_use', id: `toolu_${i}`, name: 'tool_1', input }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: `toolu_${i}`, content: text }] },
    ]
  }
  const call = { id: `call_${i}`, type: 'function', function: { name: 'tool_1', arguments: JSON.stringify(input) } }
  return [
    { role: 'assistant', content: null, tool_calls: [call] },
    { role: 'tool', tool_call_id: `call_${i}`, content: text },
  ]
}
