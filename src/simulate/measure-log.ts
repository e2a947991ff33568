import { totalInput } from '../canonical/index.js'
import type { Signals } from '../classify/index.js'
import { entry, hashText } from '../kit/index.js'
import type { Ledger, PrefixTrie, ReplayDecided, ReplayRange, ReplaySettled } from '../ledger/index.js'
import { decodeSignals, decodeWarm, type Tables } from '../policy/index.js'
import { KEPT_SUMS } from './fit-kept.js'
import { expectedWarm, lastServed, usageOf } from './served.js'

/** Sessions are drawn again in this many groups: enough for an interval, few enough to fit a thousand times. */
export const GROUPS = 32
/** Sums of a group in a cell or cache, in this order. */
export const SUM = { calls: 0, output: 1, reference: 2, prompt: 3 } as const
export const CACHE_SUM = { calls: 0, found: 1 } as const
export const SUMS = 4

/** Answers of one model to requests of one kind. */
export interface Cell {
  readonly kind: string
  readonly model: string
  readonly task: string
  /** Squares of output tokens. */
  squares: number
  /** `SUMS` numbers a group: calls, output tokens, prompt tokens in the reference tokenizer and as reported. */
  readonly groups: Float64Array
}

/** Observations of a log, or of a part of it, as sums that can be added. */
export interface Measured {
  readonly cells: Map<string, Cell>
  /** Prompts by size and model: a tokenizer's ratio on a short message says little about a long conversation. */
  readonly prompts: Map<string, Cell>
  /** By model, `SUMS` numbers a group: calls with tokens expected to be warm, and the shares of them that were read from the cache. */
  readonly caches: Map<string, Float64Array>
  /** By model: how long answers were in the prompts that go on from them, see `fitKept`. */
  readonly kept: Map<string, Float64Array>
  /** By model: the sums that a line is fitted to, see `addTime`. */
  readonly times: Map<string, Float64Array>
}

export function emptyMeasured(): Measured {
  return { cells: new Map(), prompts: new Map(), caches: new Map(), kept: new Map(), times: new Map() }
}

interface Answer {
  readonly leaf: number
  readonly model: string
  readonly output: number
}

/** What a part of a log has shown, and the conversations that run across its ends, by session. */
export interface MeasuredPart {
  readonly sums: Measured
  /** Leaves of the first prompts: what they go on from is in the part before. */
  readonly first: ReadonlyMap<string, number>
  /** The last answers; null where a prompt followed. */
  readonly last: ReadonlyMap<string, Answer | null>
}

/** Adds up how models answered. A call belongs to the part that it ended in. */
export function measureLog(
  ledger: Pick<Ledger, 'replay' | 'prefixes'>,
  tables: Tables,
  range: ReplayRange = {},
  progress?: (calls: number) => void,
): MeasuredPart {
  const measured = emptyMeasured()
  const follow = followAnswers(measured.kept, ledger.prefixes())
  const open = new Map<number, ReplayDecided>()
  for (const events of ledger.replay(range)) {
    for (const event of events) {
      if (event.kind === 'decided') {
        open.set(event.seq, event)
        // A call that was under way before is followed where it was decided.
        if (event.seq >= (range.fromSeq ?? 0)) follow.decided(event)
      } else if (event.kind === 'settled') {
        const row = open.get(event.call)
        if (row === undefined) continue
        open.delete(event.call)
        try {
          addCall(measured, row, event, tables)
        } catch {
          // Its record cannot be read: the replay says so.
        }
        follow.settled(row, event)
      }
    }
    progress?.(events.length / 2)
  }
  return { sums: measured, first: follow.first, last: follow.last }
}

/** What a log has shown, from its two parts. */
export function joinParts(one: MeasuredPart, two: MeasuredPart, trie: PrefixTrie): Measured {
  addMeasured(one.sums, two.sums)
  for (const [session, leaf] of two.first) addKept(one.sums.kept, trie, one.last.get(session), leaf)
  return one.sums
}

/** Adds `more` to `sum`, in the order of the log: sums of fractions depend on it in their last digit. */
function addMeasured(sum: Measured, more: Measured): void {
  for (const part of ['cells', 'prompts'] as const) {
    for (const [key, cell] of more[part]) {
      const known = sum[part].get(key)
      if (known === undefined) sum[part].set(key, cell)
      else {
        known.squares += cell.squares
        addAll(known.groups, cell.groups)
      }
    }
  }
  for (const part of ['caches', 'kept', 'times'] as const) {
    for (const [model, numbers] of more[part]) {
      const known = sum[part].get(model)
      if (known === undefined) sum[part].set(model, numbers)
      else addAll(known, numbers)
    }
  }
}

function addAll(to: Float64Array, from: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i]! += from[i]!
}

function addCall(measured: Measured, row: ReplayDecided, end: ReplaySettled, tables: Tables): void {
  const served = end.model === null || end.status !== 'ok' ? undefined : lastServed(end)
  if (served === undefined || end.model === null || served.usageSource !== 'reported' || served.outputTokens === null) return
  const signals = decodeSignals(row.signals)
  const at = groupOf(row.session ?? row.id) * SUMS
  const prompt = totalInput(usageOf(served)) ?? signals.inputTokens
  const isCut = row.limit !== null && served.outputTokens >= row.limit
  if (!isCut) {
    const cell = cellOf(measured.cells, kindOf(signals), end.model, row.task)
    cell.squares += served.outputTokens ** 2
    const { groups } = cell
    groups[at + SUM.calls]! += 1
    groups[at + SUM.output]! += served.outputTokens
  }
  const { groups: sizes } = cellOf(measured.prompts, sizeOf(signals), end.model, row.task)
  sizes[at + SUM.calls]! += 1
  sizes[at + SUM.reference]! += signals.inputTokens
  sizes[at + SUM.prompt]! += prompt
  const read = served.cacheReadTokens
  if (end.latencyMs !== null)
    addTime(sumsOf(measured.times, end.model, TIME_SUMS), end.latencyMs, served.outputTokens, prompt - (read ?? 0))
  if (read === null) return
  const { pool, warm } = decodeWarm(row.input, tables)
  const rev = warm.length === 0 ? undefined : pool.find(({ id }) => id === end.model)
  const expected = rev === undefined ? 0 : expectedWarm(rev, warm, signals.inputTokens, prompt)
  if (expected === 0) return
  const groups = sumsOf(measured.caches, end.model, GROUPS * SUMS)
  groups[at + CACHE_SUM.calls]! += 1
  groups[at + CACHE_SUM.found]! += Math.min(1, read / expected)
}

/** Sees which prompts go on from which answers. */
function followAnswers(kept: Measured['kept'], trie: PrefixTrie) {
  const first = new Map<string, number>()
  const last = new Map<string, Answer | null>()
  return {
    first,
    last,
    decided({ session, sideKind, prefixLeaf }: ReplayDecided): void {
      if (session === null || sideKind !== null || prefixLeaf === null) return
      const before = last.get(session)
      if (before === undefined) first.set(session, prefixLeaf)
      addKept(kept, trie, before, prefixLeaf)
      last.set(session, null)
    },
    settled({ session, sideKind, prefixLeaf }: ReplayDecided, { model, status, attempts }: ReplaySettled): void {
      const output = attempts.findLast((a) => a.purpose === 'serve')?.outputTokens ?? null
      if (session === null || sideKind !== null || prefixLeaf === null || model === null || status !== 'ok' || output === null) return
      last.set(session, { leaf: prefixLeaf, model, output })
    },
  }
}

/** Adds how long an answer is in the prompt that goes on from it: thoughts are left out, and what clients cut. */
function addKept(kept: Measured['kept'], trie: PrefixTrie, before: Answer | null | undefined, prefixLeaf: number): void {
  if (before == null) return
  let [answer, above] = [prefixLeaf, trie.parent(prefixLeaf)]
  while (above > before.leaf) [answer, above] = [above, trie.parent(above)]
  if (above !== before.leaf) return
  const [x, y] = [before.output, trie.refTokens(answer) - trie.refTokens(before.leaf)]
  const sums = sumsOf(kept, before.model, KEPT_SUMS)
  for (const [i, part] of [1, x, y, x * x, x * y].entries()) sums[i]! += part
}

/** Normal equations of time = a + b × output tokens + c × new prompt tokens, errors taken relative: the upper triangle, then the right side, then calls. */
export const TIME_SUMS = 10

function addTime(sums: Float64Array, ms: number, output: number, prompt: number): void {
  const y = Math.max(1, ms)
  const x = [1 / y, output / y, prompt / y] as const
  let at = 0
  for (let i = 0; i < 3; i++) for (let j = i; j < 3; j++) sums[at++]! += x[i]! * x[j]!
  for (let i = 0; i < 3; i++) sums[at++]! += x[i]!
  sums[at]! += 1
}

function sumsOf(map: Map<string, Float64Array>, key: string, length: number): Float64Array {
  return entry(map, key, () => new Float64Array(length))
}

function cellOf(cells: Map<string, Cell>, kind: string, model: string, task: string): Cell {
  return entry(cells, `${kind}|${model}`, () => ({ kind, model, task, squares: 0, groups: new Float64Array(GROUPS * SUMS) }))
}

/** A session is in the same group on every run. */
function groupOf(session: string): number {
  const hash = hashText(session)
  return ((hash ^ (hash >>> 15)) >>> 0) % GROUPS
}

/** Steps of difficulty, logits. */
const DIFFICULTY_STEP = 0.1

/**
 * Requests that are alike in all that a policy chooses by. Models are compared within a kind only: a kind that a policy always sends to the
 * same model says nothing of it, and a coarser kind would take the choice for the model's doing.
 */
function kindOf({ task, complexity, difficulty, tools, trajectory }: Signals): string {
  const loop = trajectory.inToolLoop ? 'loop' : tools.count > 0 ? 'tools' : ''
  return `${task}|${complexity}|${Math.round(difficulty.logit / DIFFICULTY_STEP)}|${loop}`
}

/** Steps of size, doublings. */
const SIZE_STEP = 0.5

function sizeOf({ inputTokens, tools }: Signals): string {
  return `${Math.round(Math.log2(Math.max(1, inputTokens)) / SIZE_STEP)}|${tools.count > 0 ? 'tools' : ''}`
}
