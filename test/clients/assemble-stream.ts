type Json = Record<string, unknown>

/** A streamed answer put together as clients of the format do, into the shape that a whole one has. */
export const ASSEMBLE: Readonly<Record<string, (events: readonly Json[]) => Json>> = {
  'openai-chat': (chunks) => {
    const message: Json = { role: 'assistant', content: '' }
    const calls: (Json & { function: Json })[] = []
    for (const chunk of chunks) {
      const { delta } = (chunk.choices as { delta: Json }[])[0] ?? { delta: {} }
      for (const field of ['content', 'reasoning_content'])
        if (typeof delta[field] === 'string') message[field] = `${message[field] ?? ''}${delta[field]}`
      if (delta.reasoning_details !== undefined)
        message.reasoning_details = [...((message.reasoning_details as unknown[]) ?? []), ...(delta.reasoning_details as unknown[])]
      for (const { index, function: fn, ...rest } of (delta.tool_calls ?? []) as (Json & { index: number; function: Json })[]) {
        const { arguments: args = '', ...named } = fn
        const before = calls[index]?.function ?? {}
        calls[index] = { ...calls[index], ...rest, function: { ...before, ...named, arguments: `${before.arguments ?? ''}${args}` } }
      }
    }
    if (calls.length > 0) message.tool_calls = calls
    return { choices: [{ message }] }
  },
  'openai-responses': (events) => events.find((event) => event.type === 'response.completed')?.response as Json,
  'anthropic-messages': (events) => {
    const content: Json[] = []
    for (const { type, index, content_block, delta } of events as (Json & { index: number; delta: Json })[]) {
      if (type === 'content_block_start') content[index] = { ...(content_block as Json) }
      if (type === 'content_block_stop' && typeof content[index]!.input === 'string')
        content[index]!.input = JSON.parse(content[index]!.input || '{}')
      if (type !== 'content_block_delta') continue
      const block = content[index]!
      for (const field of ['text', 'thinking', 'signature']) if (field in delta) block[field] = `${block[field] ?? ''}${delta[field]}`
      if ('partial_json' in delta) block.input = `${typeof block.input === 'string' ? block.input : ''}${delta.partial_json}`
    }
    return { content }
  },
  gemini: (chunks) => {
    const parts = chunks.flatMap((chunk) => (chunk.candidates as { content?: { parts?: Json[] } }[])[0]?.content?.parts ?? [])
    return { candidates: [{ content: { role: 'model', parts } }] }
  },
}

export function eventsOf(stream: string): Json[] {
  const lines = stream.split('\n').filter((line) => line.startsWith('data: ') && line !== 'data: [DONE]')
  return lines.map((line) => JSON.parse(line.slice('data: '.length)) as Json)
}
