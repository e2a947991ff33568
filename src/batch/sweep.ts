import type { BatchStore } from '../ledger/index.js'

/** Jobs and files are kept as long as calls are; unfinished ones stay. */
export async function sweep(store: BatchStore, before: number): Promise<void> {
  for (const job of store.jobs()) if (job.endedAt !== null && job.endedAt < before) await store.removeJob(job.id)
  for (const file of store.files()) if (file.createdAt < before) await store.removeFile(file.id)
}
