import type { Ledger } from '../../src/ledger/index.js'

export interface Outcome {
  /** What the client got, in a few words. */
  readonly client: string
  readonly posts: string
  /** Status of the call, then each attempt: outcome and whether it may have been billed. */
  readonly ledger: string
}

/** One call, as a client sees it: status, how the answer ended, and what the headers say of a repeat. */
export async function callAs(
  url: string,
  model: string,
  profile: string,
  stream: boolean,
): Promise<{ readonly client: string; readonly id: string }> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-llmroute-profile': profile },
    body: JSON.stringify({ model, stream, messages: [{ role: 'user', content: 'hello' }] }),
  })
  const text = await response.text()
  const notes = [
    response.headers.get('retry-after') === null ? null : 'retry-after',
    response.headers.get('x-should-retry') === 'false' ? 'do not retry' : null,
  ].filter((n) => n !== null)
  const how = response.status !== 200 ? 'error' : stream ? streamEnd(text) : wholeAnswer(text)
  return {
    client: `${response.status} ${how}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`,
    id: response.headers.get('x-llmroute-call') ?? '',
  }
}

function streamEnd(text: string): string {
  const last = text.trimEnd().split('\n\n').at(-1) ?? ''
  if (last === 'data: [DONE]') return text.includes('"error"') ? 'error in the stream, then the end' : 'whole'
  return last.includes('"error"') ? 'error in the stream' : 'cut without a word'
}

function wholeAnswer(text: string): string {
  const body = JSON.parse(text) as { readonly choices?: readonly unknown[] }
  return body.choices?.length === 1 ? 'whole' : 'not an answer'
}

export function ledgerSays(ledger: Ledger, id: string): string {
  const found = ledger.getCall(id)
  if (found === null) return 'NOT RECORDED'
  const attempts = found.attempts.map((a) => `${a.outcome}${a.billed === 'maybe' ? ', perhaps billed' : ''}`)
  return `${found.call.status}: ${attempts.join('; ')}`
}
