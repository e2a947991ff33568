import { Worker } from 'node:worker_threads'
import type { Feed, WhatIf } from './feed.js'

export interface WhatIfThread {
  readonly ask: Feed['whatIf']
  stop(): Promise<void>
}

/** A thread that answers what-if questions one after another; it starts with the first one. */
export function whatIfThread(path: string): WhatIfThread {
  const waiting = new Map<number, { resolve: (answer: WhatIf | null) => void; reject: (error: Error) => void }>()
  let worker: Worker | null = null
  let last = 0

  function start(): Worker {
    const started = new Worker(new URL('./what-if-worker.js', import.meta.url), { workerData: { path } })
    started.unref()
    started.on('message', ({ id, answer }: { id: number; answer: WhatIf | null }) => {
      waiting.get(id)?.resolve(answer)
      waiting.delete(id)
    })
    started.on('error', (error) => {
      for (const { reject } of waiting.values()) reject(error instanceof Error ? error : new Error(String(error)))
      waiting.clear()
      worker = null
    })
    return started
  }

  return {
    ask(weights) {
      worker ??= start()
      const id = ++last
      worker.postMessage({ id, weights })
      return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }))
    },
    async stop() {
      await worker?.terminate()
    },
  }
}
