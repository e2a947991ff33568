import { asFault } from '../kit/index.js'
import type { BatchLineRow } from '../ledger/index.js'
import type { DecidedCall, PoolModel, WrittenRequest } from '../route/index.js'
import { nextStep } from './choose-step.js'
import { type Desk, decideLine, type Job } from './desk.js'
import { chainOf, type FailedHow, failLine } from './end-line.js'
import { writeLine } from './write-line.js'

/** The call of a line that was decided before. Null when it can be decided no more, as when the model that it names was taken away: it has failed then. */
export async function decideAgain(job: Job, line: BatchLineRow, desk: Desk, how: FailedHow = {}): Promise<DecidedCall | null> {
  try {
    return decideLine(job, line, desk).call
  } catch (error) {
    const fault = asFault(error)
    if (fault.code === 'E_INTERNAL') desk.parts.report(error, line.call)
    await failLine(line, null, fault, null, desk, how)
    return null
  }
}

/**
 * A line's request for one model. Null when the model's format cannot express it: the line then continues along its plan, and nothing was
 * sent.
 */
export async function writeOrSkip(line: BatchLineRow, call: DecidedCall, model: PoolModel, desk: Desk): Promise<WrittenRequest | null> {
  try {
    return writeLine(call, model, desk)
  } catch (error) {
    const next = nextStep({ chain: chainOf(line), step: line.step + 1, live: line.live })
    if (next.kind === 'over') await failLine(line, call, asFault(error), null, desk)
    else await desk.store.retry({ call: line.call, step: next.step, live: line.live, attempt: null })
    return null
  }
}
