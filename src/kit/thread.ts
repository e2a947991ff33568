import { parentPort, type ResourceLimits, Worker } from 'node:worker_threads'
import { asFault, Fault, type FaultCode } from './fault.js'

/** A thread that answers questions, so that long work does not hold up the one that asks. */
interface Thread<Question, Answer> {
  /** Rejects with the fault that the answer failed with, or when the thread itself has ended. */
  ask<A extends Answer>(question: Question): Promise<A>
  stop(): Promise<void>
}

interface ThreadOptions {
  readonly limits?: ResourceLimits
  /** Called with what the thread says while it works on an answer. */
  readonly onNote?: (note: number) => void
}

interface Asked<Question> {
  readonly id: number
  readonly question: Question
}

type Said<Answer> =
  | { readonly note: number }
  | { readonly id: number; readonly answer: Answer }
  | { readonly id: number; readonly fault: { readonly code: FaultCode; readonly message: string; readonly hint: string | undefined } }

/** Starts with the first question, and again after a failure. `script` calls `answerQuestions`. Keeps the process alive while it is waited for. */
export function createThread<Question, Answer>(
  script: URL,
  workerData: unknown,
  { limits, onNote }: ThreadOptions = {},
): Thread<Question, Answer> {
  const waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>()
  let worker: Worker | null = null
  let last = 0
  let stopping = false

  function start(): Worker {
    stopping = false
    const started = new Worker(script, { workerData, ...(limits && { resourceLimits: limits }) })
    started.on('message', (message: Said<Answer>) => {
      if ('note' in message) return onNote?.(message.note)
      const asker = waiting.get(message.id)
      waiting.delete(message.id)
      // The end of a thread that is being stopped is waited for, whatever it still says.
      if (waiting.size === 0 && !stopping) started.unref()
      if ('answer' in message) asker?.resolve(message.answer)
      else asker?.reject(new Fault(message.fault.code, message.fault.message, { hint: message.fault.hint }))
    })
    started.on('error', (error) => fail(started, error instanceof Error ? error : new Error(String(error))))
    started.on('exit', () => fail(started, new Fault('E_INTERNAL', 'the work was stopped before its end', { hint: 'Run it again.' })))
    return started
  }

  function fail(ended: Worker, error: Error): void {
    if (worker !== ended) return
    worker = null
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }

  return {
    ask<A extends Answer>(question: Question) {
      worker ??= start()
      worker.ref()
      const asked: Asked<Question> = { id: ++last, question }
      worker.postMessage(asked)
      return new Promise<A>((resolve, reject) => waiting.set(asked.id, { resolve: resolve as (answer: Answer) => void, reject }))
    },
    async stop() {
      stopping = true
      await worker?.terminate()
    },
  }
}

/** In the thread's own script: answers questions. `note` tells the one that asked something before the answer is there. */
export function answerQuestions<Question, Answer>(
  answer: (question: Question, note: (note: number) => void) => Answer | Promise<Answer>,
): void {
  const say = (message: Said<Answer>): void => parentPort?.postMessage(message)
  parentPort?.on('message', async ({ id, question }: Asked<Question>) => {
    try {
      say({ id, answer: await answer(question, (note) => say({ note })) })
    } catch (error) {
      const { code, message, hint } = asFault(error)
      say({ id, fault: { code, message, hint } })
    }
  })
}
