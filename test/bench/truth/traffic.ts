import { drawNormal, seededRandom } from '../../../src/kit/index.js'

export interface Session {
  readonly id: string
  /** `auto`, or the model that the client asks for by name. */
  readonly model: string
  readonly startMs: number
  readonly system: string
  readonly tools: readonly unknown[]
  readonly stream: boolean
  readonly turns: readonly Turn[]
}

export interface Turn {
  /** Milliseconds after the answer to the turn before. */
  readonly afterMs: number
  /** Role and content of what the client adds; a tool result answers a call that the client writes into the assistant's message. */
  readonly role: 'user' | 'tool'
  readonly content: string
}

/** Questions by kind, from easy to hard; each states how long its answer is to be (see world.ts). */
const QUESTIONS: readonly (readonly [text: string, tokens: number])[] = [
  ['hi there', 20],
  ['What is the capital of {}?', 30],
  ['Translate "{} is a fine place" into German.', 40],
  ['Classify the sentiment of this review: {} was lovely.', 15],
  ['Rename the variable {} to total in this line: let {} = 1', 60],
  ['Summarize what {} is known for in three sentences.', 120],
  ['Write a short story about a lighthouse in {}.', 500],
  ['Explain how a B-tree splits a node, with an example about {}.', 400],
  ['Write a Python function that parses dates like those used in {} and add tests.', 450],
  ['A train leaves {} at 9:40 at 83 km/h and another at 10:10 at 97 km/h from 240 km away; when and where do they meet?', 250],
  ['Prove that there are infinitely many primes congruent to 3 modulo 4 and relate the proof to {}.', 600],
  ['Find out why the {} service deadlocks under load and redesign the locking; consider retries, ordering and backpressure.', 900],
  ['Compare three architectures for a payments ledger in {}, with failure modes and a migration plan.', 1000],
]
const PLACES = ['Lisbon', 'Oslo', 'Quito', 'Hanoi', 'Accra', 'Turin', 'Perth', 'Basel', 'Cusco', 'Izmir', 'Leeds', 'Osaka']
const TOOL_RESULTS = [
  'ok',
  'src/app.ts\nsrc/index.ts\ntest/app.test.ts',
  '12 passed, 0 failed',
  'const total = items.reduce((n, i) => n + i.price, 0)',
]
const DAY_MS = 86_400_000

/** Sessions of chats and of agents, the same for a seed whatever policy serves them. About `calls` turns in all. */
export function makeTraffic(seed: number, sessions: number, calls: number, startMs: number): readonly Session[] {
  const random = seededRandom(seed * 104729 + 3)
  const sizes = Array.from({ length: sessions }, () => 0.2 - Math.log(1 - random()))
  const scale = calls / sizes.reduce((a, b) => a + b, 0)
  let n = 0
  return sizes.map((size, i) => {
    const agent = random() < 0.5
    const length = Math.max(1, Math.round(size * scale))
    const favourite = Math.floor(random() * QUESTIONS.length)
    const turns = Array.from({ length }, (_, t): Turn => {
      const tool = agent && t > 0 && random() < 0.65
      const [text, tokens] = QUESTIONS[random() < 0.4 ? favourite : Math.floor(random() * QUESTIONS.length)] ?? ['hi', 20]
      const place = PLACES[Math.floor(random() * PLACES.length)] ?? ''
      const kind = tool ? 15 : QUESTIONS.findIndex(([q]) => q === text)
      const mark = `[k${kind} t${tool ? 90 : tokens} n${n++}]`
      const content = tool
        ? `${TOOL_RESULTS[Math.floor(random() * TOOL_RESULTS.length)]}\n${mark}`
        : `${text.replaceAll('{}', place)} ${mark}`
      return { afterMs: (tool ? 2000 : 25_000) * Math.exp(1.1 * drawNormal(random)), role: tool ? 'tool' : 'user', content }
    })
    return {
      id: `s${seed}-${i}`,
      model: 'auto',
      startMs: startMs + random() * 5 * DAY_MS,
      system: agent
        ? `You are an agent for repository ${i % 7}. ${'Follow the rules of the house. '.repeat(500)}`
        : 'You are a helpful assistant. '.repeat(12),
      tools: agent
        ? [
            {
              type: 'function',
              function: {
                name: 'run',
                description: 'Runs a command.',
                parameters: { type: 'object', properties: { cmd: { type: 'string' } } },
              },
            },
          ]
        : [],
      stream: agent || random() < 0.5,
      turns,
    }
  })
}

/** What every model is used for beforehand: lone questions, or conversations like those of the traffic, which show how its cache behaves too. */
export type WarmUp = 'questions' | 'conversations'

const WARM_UP = { sessions: 8, calls: 56 } as const

/** The same for each model, asked for by name. */
export function makeWarmUp(kind: WarmUp, seed: number, models: readonly string[], startMs: number): readonly Session[] {
  return models.flatMap((model, at) =>
    kind === 'questions'
      ? makeQuestions(seed, model, startMs + at * 1000)
      : makeTraffic(seed + 5000, WARM_UP.sessions, WARM_UP.calls, startMs).map((s) => ({ ...s, id: `w${at}-${s.id}`, model })),
  )
}

const PER_KIND = 4

function makeQuestions(seed: number, model: string, startMs: number): readonly Session[] {
  const random = seededRandom(seed * 31 + 7)
  return Array.from({ length: PER_KIND * QUESTIONS.length }, (_, i) => {
    const kind = i % QUESTIONS.length
    const [text, tokens] = QUESTIONS[kind] ?? ['hi', 20]
    const place = PLACES[Math.floor(random() * PLACES.length)] ?? ''
    const content = `${text.replaceAll('{}', place)} [k${kind} t${tokens} n${9_000_000 + i}]`
    const turns = [{ afterMs: 0, role: 'user', content }] as const
    return { id: `w${i}-${model}`, model, startMs: startMs + i * 60_000, system: '', tools: [], stream: i % 2 === 0, turns }
  })
}
