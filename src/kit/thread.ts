import { parentPort, Worker } from 'node:worker_threads'

/** A thread that answers questions, so that long reads do not hold up the one that asks. */
interface Thread<Question, Answer> {
  /** Rejects when the answer failed, or the thread itself. */
  ask(question: Question): Promise<Answer>
  stop(): Promise<void>
}

interface Asked<Question> {
  readonly id: number
  readonly question: Question
}

type Answered<Answer> = { readonly id: number } & ({ readonly answer: Answer } | { readonly error: string })

/** Starts with the first question, and again after a failure. `script` calls `answerQuestions`. */
export function createThread<Question, Answer>(script: URL, workerData: unknown): Thread<Question, Answer> {
  const waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>()
  let worker: Worker | null = null
  let last = 0

  function start(): Worker {
    const started = new Worker(script, { workerData })
    started.unref()
    started.on('message', (message: Answered<Answer>) => {
      const asker = waiting.get(message.id)
      waiting.delete(message.id)
      if ('error' in message) asker?.reject(new Error(message.error))
      else asker?.resolve(message.answer)
    })
    started.on('error', (error) => fail(started, error instanceof Error ? error : new Error(String(error))))
    started.on('exit', () => fail(started, new Error('the thread has ended')))
    return started
  }

  function fail(ended: Worker, error: Error): void {
    if (worker !== ended) return
    worker = null
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }

  return {
    ask(question) {
      worker ??= start()
      const asked: Asked<Question> = { id: ++last, question }
      worker.postMessage(asked)
      return new Promise((resolve, reject) => waiting.set(asked.id, { resolve, reject }))
    },
    async stop() {
      await worker?.terminate()
    },
  }
}

/** In the thread's own script: answers one question after another. */
export function answerQuestions<Question, Answer>(answer: (question: Question) => Answer): void {
  parentPort?.on('message', ({ id, question }: Asked<Question>) => {
    try {
      parentPort?.postMessage({ id, answer: answer(question) } satisfies Answered<Answer>)
    } catch (error) {
      parentPort?.postMessage({ id, error: error instanceof Error ? error.message : String(error) } satisfies Answered<Answer>)
    }
  })
}
