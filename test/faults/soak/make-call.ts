import type { Random } from '../mutate.js'
import type { RunningTime } from './running-time.js'

/** What a client saw of one call. */
export interface Seen {
  readonly n: number
  /** Null when the client left before the headers. */
  readonly id: string | null
  /** HTTP status; null when the client left before the headers. */
  readonly status: number | null
  readonly how: 'whole' | 'error' | 'left' | 'cut' | 'hung'
}

/** More than twice the configured time for a whole call. */
const HUNG_MS = 20_000
/** Turns of one session, after which the next begins. */
export const TURNS = 4
const FILLER = 'All functions of this module are pure and have a test. '.repeat(60)

/** One call in one of the four formats, a turn of a session with everything that was said before; some clients go away. */
export async function makeCall(url: string, n: number, aborts: number, random: Random, time: RunningTime): Promise<Seen> {
  const stream = random() < 0.5
  const { path, body } = FORMATS[Math.floor(random() * FORMATS.length)]?.(turns(n), stream) ?? { path: '/', body: {} }
  const leave = new AbortController()
  const leaving = random() < aborts ? setTimeout(() => leave.abort(), random() * 200) : null
  const inTime = time.after(HUNG_MS, () => leave.abort('hung'))
  let id: string | null = null
  let status: number | null = null
  const ask = () =>
    fetch(url + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-llmroute-tags': `n${n}`,
        'x-llmroute-session': `s${Math.floor(n / TURNS)}`,
      },
      body: JSON.stringify(body),
      signal: leave.signal,
    })
  try {
    // As every SDK does: a kept connection may be closed by the other side just as it is used again.
    const response = await ask().catch((error: unknown) => {
      if (leave.signal.aborted) throw error
      return ask()
    })
    id = response.headers.get('x-llmroute-call')
    status = response.status
    const text = await response.text()
    return { n, id, status, how: status === 200 && !/"error":\s*\{/.test(text) ? 'whole' : 'error' }
  } catch {
    if (!leave.signal.aborted) return { n, id, status, how: 'cut' }
    return { n, id, status, how: leave.signal.reason === 'hung' ? 'hung' : 'left' }
  } finally {
    if (leaving !== null) clearTimeout(leaving)
    inTime()
  }
}

interface Turn {
  readonly role: 'user' | 'assistant'
  readonly content: string
}

/** The provider finds out from the last message which call it serves. */
export function numberIn(body: string): number | null {
  const all = [...body.matchAll(/call number (\d+)\./g)]
  const last = all.at(-1)?.[1]
  return last === undefined ? null : Number(last)
}

function turns(n: number): readonly Turn[] {
  const first = n - (n % TURNS)
  return Array.from({ length: n - first + 1 }, (_, i): readonly Turn[] => {
    const question: Turn = { role: 'user', content: `This is call number ${first + i}. ${FILLER}` }
    return first + i === n ? [question] : [question, { role: 'assistant', content: 'Noted.' }]
  }).flat()
}

type Shape = (turns: readonly Turn[], stream: boolean) => { readonly path: string; readonly body: unknown }

const FORMATS: readonly Shape[] = [
  (messages, stream) => ({ path: '/v1/chat/completions', body: { model: 'auto', messages, stream } }),
  (input, stream) => ({ path: '/v1/responses', body: { model: 'auto', input, stream } }),
  (messages, stream) => ({ path: '/v1/messages', body: { model: 'auto', max_tokens: 64, messages, stream } }),
  (said, stream) => ({
    path: `/v1beta/models/auto:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    body: { contents: said.map(({ role, content }) => ({ role: role === 'user' ? 'user' : 'model', parts: [{ text: content }] })) },
  }),
]
