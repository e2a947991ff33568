import { Fault } from '../kit/fault.js'

const documents = new WeakMap<Fault, unknown>()

/** An E_EMPTY fault together with what programs that asked for `--json` are given. */
export function withDocument(fault: Fault, document: unknown): Fault {
  documents.set(fault, document)
  return fault
}

/** Runs `work`; when it finds nothing to work on (E_EMPTY), `document` is what programs that asked for `--json` are given. */
export async function orDocument<T>(document: unknown, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Fault && error.code === 'E_EMPTY') withDocument(error, document)
    throw error
  }
}

/** What `--json` prints when there is nothing to work on, so that a program need not check the exit code first. */
export function documentOf(fault: Fault): unknown {
  return documents.has(fault) ? documents.get(fault) : { empty: true, reason: fault.message }
}
