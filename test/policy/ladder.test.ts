import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Message, Request } from '../../src/canonical/index.js'
import { classify } from '../../src/classify/index.js'
import type { Trajectory } from '../../src/classify/types.js'
import type { HistorySource } from '../../src/history/index.js'
import { readHistory } from '../../src/history/read-history.js'
import {
  decide,
  emptyState,
  endogenousOf,
  fold,
  type LadderMove,
  PROFILE_DEFAULTS,
  type State,
  stepLadder,
  troublePoints,
} from '../../src/policy/index.js'
import { CALM, input, LARGE, MIDDLE, NOTHING_YET, SMALL, signals } from './build.js'
import { chain, decided, settled, T0 } from './events.js'

const POOL = [SMALL, MIDDLE, LARGE]
const settings = PROFILE_DEFAULTS.ladder

interface Turn {
  readonly move: LadderMove
  readonly model: string
}

/** Follows a session as the pipeline does: classify, look, decide, fold. */
function follow(requests: readonly Request[], session: string, state: State = emptyState()): readonly Turn[] {
  let current = state
  return requests.map((request, n) => {
    const seen = classify(request)
    const atMs = T0 + n * 20_000
    const leaf = chain(request.messages.map((_, i) => `${session}${i}`))
    const endogenous = endogenousOf(current, { atMs, session, leaf, models: POOL.map((m) => m.rev), signedLoop: false, budgets: [] })
    const i = input({ atMs, signals: seen, endogenous, models: POOL })
    const plan = decide(i)
    const model = POOL.find((m) => m.rev.id === plan.steps[0]!.model)!
    const call = `${session}/${n}`
    current = fold(current, decided({ call, atMs, session, leaf, chosen: model.rev, trajectory: seen.trajectory, policy: i.policy }))
    current = fold(current, settled({ call, atMs: atMs + 5000, model: model.rev }))
    return { move: plan.ladder!, model: model.rev.id }
  })
}

const movesOf = (turns: readonly Turn[]) =>
  turns.flatMap(({ move }, n) => (move.moved === 0 ? [] : [{ turn: n, moved: move.moved, why: move.why[0] }]))

type Event = { readonly say: string } | { readonly run: string; readonly args?: string; readonly result: string; readonly failed?: boolean }

/** An agent's session: one request before each thing the model does, with everything so far in it. */
function sessionOf(events: readonly Event[]): readonly Request[] {
  const messages: Message[] = [{ role: 'system', parts: [{ type: 'text', text: 'You are a coding agent. Use the tools.' }] }]
  const tools = ['bash', 'edit', 'read', 'grep'].map((name) => ({ type: 'function' as const, name, schema: { type: 'object' } }))
  const requests: Request[] = []
  const ask = () => requests.push({ format: 'openai-chat', model: 'auto', messages: [...messages], tools, sampling: {}, stream: true })
  for (const [n, event] of events.entries()) {
    if ('say' in event) {
      if (n > 0) messages.push({ role: 'assistant', parts: [{ type: 'text', text: 'Done, have a look.' }] })
      messages.push({ role: 'user', parts: [{ type: 'text', text: event.say }] })
    } else {
      const id = `call_${n}`
      const args = event.args ?? JSON.stringify({ n })
      messages.push({ role: 'assistant', parts: [{ type: 'tool-call', id, name: event.run, args }] })
      const parts = [{ type: 'text' as const, text: event.result }]
      messages.push({ role: 'tool', parts: [{ type: 'tool-result', callId: id, parts, ...(event.failed ? { isError: true } : {}) }] })
    }
    ask()
  }
  return requests
}

const start: Event = { say: 'Add retry to the upload client and cover it with tests.' }
const read: Event = { run: 'read', result: 'export function upload(path: string) { return send(path) }' }
const nothingFound: Event = { run: 'grep', result: '', failed: false }
const notThere: Event = { run: 'bash', args: '{"command":"grep -r backoff src"}', result: 'exit code 1', failed: true }
const edit = (file: string, n: number): Event => ({ run: 'edit', args: JSON.stringify({ path: file, text: `v${n}` }), result: 'ok' })
const failing = (n: number): Event => ({
  run: 'bash',
  args: JSON.stringify({ command: 'npm test', n }),
  result: `Tests: ${n} failed, 12 passed`,
})
const passing: Event = { run: 'bash', result: 'Tests: 13 passed' }

describe('a session that goes well stays where it is', () => {
  it('over the logs of real agents', async () => {
    const folder = fileURLToPath(new URL('../fixtures/agent-logs/', import.meta.url))
    const logs: readonly (readonly [HistorySource, string])[] = [
      ['claude-code', 'claude-code-2.1.197-4.jsonl'],
      ['claude-code', 'claude-code-2.1.329-1.jsonl'],
      ['codex', 'codex-0.169.0-1.jsonl'],
      ['codex', 'codex-0.169.0-2.jsonl'],
      ['gemini-cli', 'gemini-cli-1.jsonl'],
      ['gemini-cli', 'gemini-cli-2.jsonl'],
      ['pi', 'pi-1.jsonl'],
      ['qwen', 'qwen-0.15.10-1.jsonl'],
      ['qwen', 'qwen-0.15.10-2.jsonl'],
    ]
    let followed = 0
    for (const [source, file] of logs) {
      const requests: Request[] = []
      for await (const call of readHistory(source, [{ path: `${folder}${file}`, bytes: 0, modifiedMs: T0 }])) {
        if (call.request !== null) requests.push(call.request)
      }
      followed += requests.length
      expect(movesOf(follow(requests, file))).toEqual([])
    }
    expect(followed).toBeGreaterThanOrEqual(10)
  })

  const lengths = [10, 25, 40, 80]
  it.each(lengths)('over %i turns of searching in vain and reading', (length) => {
    const round = [nothingFound, read, read, notThere, read, read, read, read]
    const events = [
      start,
      ...Array.from({ length: length - 1 }, (_, n) => (n > 20 && round[n % 8] === notThere ? nothingFound : round[n % 8]!)),
    ]
    expect(movesOf(follow(sessionOf(events), 'search'))).toEqual([])
  })

  it.each(lengths)('over %i turns of writing a failing test first, each time for another piece of work', (length) => {
    const wishes = [
      'retries with backoff',
      'quoted commas in CSV',
      'time zones of dates',
      'empty files',
      'a progress bar',
      'cancelling',
      'unicode names',
    ]
    const piece = (n: number): Event[] => [
      { say: `Please write a test for ${wishes[n % 7]} of part ${n}, then make it pass.` },
      edit(`test/case-${n}.ts`, n),
      failing(1),
      edit(`src/case-${n}.ts`, n),
      passing,
    ]
    const events = Array.from({ length: Math.ceil(length / 5) }, (_, n) => piece(n)).flat()
    expect(movesOf(follow(sessionOf(events.slice(0, length)), 'tdd'))).toEqual([])
  })
})

describe('a person who only urges it on', () => {
  it('leaves it where it is', () => {
    const events = Array.from({ length: 20 }, (_, n): Event[] => [n === 0 ? start : { say: n % 2 === 0 ? 'continue' : 'yes' }, read]).flat()
    expect(movesOf(follow(sessionOf(events), 'urged'))).toEqual([])
  })
})

describe('a session in trouble moves up, and down again after success', () => {
  const stuck = (rounds: number, file = 'src/upload.ts') => Array.from({ length: rounds }, (_, n) => [edit(file, n), failing(n + 2)]).flat()

  it('when tests keep failing', () => {
    const turns = follow(sessionOf([start, read, ...stuck(5), passing, read, edit('docs/upload.md', 1), passing]), 'stuck')
    const moves = movesOf(turns)
    expect(moves[0]).toMatchObject({ moved: 1, why: 'checks keep failing' })
    expect(moves[0]!.turn).toBeGreaterThan(6)
    expect(turns[moves[0]!.turn]!.model).not.toBe(turns[1]!.model)
    expect(moves.at(-1)).toMatchObject({ moved: -1 })
    expect(moves).toHaveLength(2)
  })

  it('no further than its highest rung, and it does not flap, over 80 turns that never get better', () => {
    const moves = movesOf(follow(sessionOf([start, ...stuck(40)]), 'hopeless'))
    expect(moves.map((m) => m.moved)).toEqual([1, 1])
  })

  it('when the same call is made again and again', () => {
    const again: Event = { run: 'bash', args: '{"command":"ls"}', result: 'a b c' }
    const moves = movesOf(follow(sessionOf([start, ...Array.from({ length: 12 }, () => again)]), 'loop'))
    expect(moves[0]).toMatchObject({ moved: 1, why: 'the same tool call is repeated' })
  })

  it('when tool calls are malformed', () => {
    const bad: Event = { run: 'edit', args: '{"path": "src/a', result: 'Error: invalid arguments', failed: true }
    expect(movesOf(follow(sessionOf([start, read, bad, bad, bad, read]), 'malformed'))[0]).toMatchObject({ moved: 1 })
  })

  it('when the person has to correct it twice', () => {
    const events: Event[] = [
      start,
      read,
      { say: "No, that's wrong: retry only on 5xx." },
      read,
      { say: 'Still not what I asked for. It retries on 404.' },
      read,
    ]
    const moves = movesOf(follow(sessionOf(events), 'corrected'))
    expect(moves).toEqual([{ turn: 4, moved: 1, why: 'the person corrects the answer' }])
  })

  it('and shows the evidence, and what it now asks for', () => {
    const failingFive = signals({ trajectory: { ...CALM, failedChecks: 5 } })
    const plan = decide(input({ signals: failingFive }))
    expect(plan.ladder).toMatchObject({ rung: 1, moved: 1, why: ['checks keep failing'] })
    const ground = decide(input()).steps[0]!
    expect(plan.steps[0]!.quality).toBeGreaterThan(ground.quality)
    expect(plan.steps.find((s) => s.model === ground.model)!.veto!.detail).toBe('is below the rung that this session has climbed to')
  })

  it('by rungs of the ground that a cold start would give, so that a warm strong model is not the new ground', () => {
    const warm = [{ account: MIDDLE.rev.account, model: 'two/middle', prefix: 'ab', tokens: 90_000, untilMs: T0 + 1e9, hit: 1 }]
    const onRung = { ...NOTHING_YET, warm, lastModel: 'two/middle', turn: 9, ladder: { rung: 1, evidence: 1, seen: 0, userTurns: 1 } }
    const long = signals({ inputTokens: 100_000, difficulty: { p: 0.01, logit: -6, sd: 1 } })
    expect(decide(input({ atMs: T0, endogenous: onRung, signals: long })).steps[0]!.model).toBe('two/middle')
  })
})

describe('the ladder, whatever happens', () => {
  const anyTrajectory: fc.Arbitrary<Trajectory> = fc
    .record({
      failedChecks: fc.nat(6),
      repeatedCalls: fc.nat(5),
      toolErrors: fc.nat(6),
      sameFileEdits: fc.nat(8),
      malformedCalls: fc.nat(2),
      userTurns: fc.integer({ min: 1, max: 4 }),
      userCorrection: fc.boolean(),
      checkRecovered: fc.boolean(),
    })
    .map((t) => ({ ...CALM, ...t }))

  function walk(course: readonly Trajectory[]): readonly LadderMove[] {
    let at: LadderMove | null = null
    return course.map((t) => {
      at = stepLadder(at, t, settings)
      return at
    })
  }

  it('moves one rung at a time, within its bounds', () => {
    fc.assert(
      fc.property(fc.array(anyTrajectory, { maxLength: 60 }), (course) => {
        let rung = 0
        for (const move of walk(course)) {
          expect(move.rung - rung).toBe(move.moved)
          rung = move.rung
          expect(rung).toBeGreaterThanOrEqual(0)
          expect(rung).toBeLessThanOrEqual(settings.maxRung)
        }
      }),
    )
  })

  it('never comes down on the turn after it climbed, nor climbs back without as much new trouble as the first time', () => {
    fc.assert(
      fc.property(fc.array(anyTrajectory, { maxLength: 60 }), (course) => {
        const moves = walk(course)
        for (let n = 1; n < moves.length; n++) {
          const [before, move] = [moves[n - 1]!, moves[n]!]
          if (before.moved === 1) expect(move.moved).not.toBe(-1)
          if (before.moved === -1 && move.moved === 1) expect(troublePoints(course[n]!)).toBeGreaterThanOrEqual(settings.up - settings.down)
        }
      }),
    )
  })

  it('does not count the same trouble twice', () => {
    const stuck = { ...CALM, failedChecks: 3 }
    expect(walk(Array.from({ length: 40 }, () => stuck)).every((m) => m.rung === 0)).toBe(true)
  })

  it('gives the first of each harmless thing for nothing', () => {
    expect(troublePoints({ ...CALM, failedChecks: 1, toolErrors: 2, repeatedCalls: 2, sameFileEdits: 4 })).toBe(0)
  })
})
