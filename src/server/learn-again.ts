import { withoutTier } from '../catalog/index.js'
import type { ReplayDecided, ReplayOutcome, ReplaySettled } from '../ledger/index.js'
import type { DecideInput, LearnEvent } from '../policy/index.js'
import { attemptSeen } from '../simulate/served.js'

/** A call of the log, as it was decided. */
export interface Decided {
  readonly row: ReplayDecided
  readonly input: DecideInput
}

export type Lessons = ReturnType<typeof createLessons>

/** Which kind of work an outcome is about, according to the call's row. */
interface About extends Omit<Extract<LearnEvent, { type: 'outcome' }>, 'kind' | 'value' | 'model'> {
  readonly answered: string | null
  /** The answer that a judge read: the cascade's first. */
  readonly judged: string | null
}

/** Repeats, from `fromSeq` on, what the running daemon learned from these calls, which are given in chronological order. */
export function createLessons(fromSeq: number, learn: (event: LearnEvent) => void) {
  const about = new Map<number, About>()
  // A judge's verdict comes before the call is over, when the answering model is not known yet.
  const early = new Map<number, ReplayOutcome[]>()
  const tell = ({ outcome: kind, value }: ReplayOutcome, { answered, judged, ...work }: About): void => {
    const model = kind === 'judge' ? judged : answered
    if (model !== null) learn({ ...work, model: withoutTier(model), kind, value })
  }
  return {
    settled({ row, input }: Decided, { model, attempts }: ReplaySettled): void {
      if (row.seq < fromSeq) return
      const { task, complexity, difficulty } = input.signals
      const served = attempts.filter((a) => a.purpose === 'serve')
      const good = served.find((a) => a.outcome === 'ok')
      const judged = served.find((a) => a.outcome === 'refused' || a.outcome === 'ok')?.model ?? null
      const known: About = { type: 'outcome', task, complexity, difficulty: difficulty.p, answered: model, judged }
      about.set(row.seq, known)
      for (const event of early.get(row.seq) ?? []) tell(event, known)
      early.delete(row.seq)
      const rev = good === undefined ? undefined : input.models.find((m) => m.rev.id === good.model)?.rev
      if (good !== undefined && rev !== undefined) learn(attemptSeen(rev, good, input.signals, input))
    },
    outcome(event: ReplayOutcome): void {
      const known = about.get(event.call)
      if (known !== undefined) tell(event, known)
      else if (event.call >= fromSeq) early.set(event.call, [...(early.get(event.call) ?? []), event])
    },
  }
}
