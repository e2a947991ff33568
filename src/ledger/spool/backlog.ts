import type { Ledger } from '../ledger.js'
import type { OpenNative } from '../run-lock.js'
import { isDown } from './is-down.js'
import { loadSpool } from './load-spool.js'
import { createSpoolFile, type SpoolFile } from './spool-file.js'
import { applyRecord, parseSpoolLine, type SpoolRecord, spoolLine } from './spool-record.js'

/** Records that wait for the ledger: in a sidecar file, and in memory where even that cannot be written. */
export interface Backlog {
  /** Throws what is wrong with the file when the record had to go to memory; what found no room even there is counted as lost. */
  keep(record: SpoolRecord): void
  counts(): { readonly waiting: number; readonly lost: number; readonly path: string | null }
  /** Bytes of the file that are not loaded yet. */
  behind(): number
  /** Loads what waits and returns in the turn in which nothing does any more: records kept meanwhile are loaded too. */
  load(target: Ledger, beforeEach: () => void): Promise<void>
  /** Forgets what was loaded, file and all. */
  clear(): void
  /** Leaves the file for the next process. */
  leave(): void
}

const MOST_IN_MEMORY = 64 * 1024 * 1024

export function openBacklog(native: OpenNative, ledger: string): Backlog {
  let file: SpoolFile | null = null
  /** What came after the lines in the file. */
  let memory: string[] = []
  let memoryBytes = 0
  let waiting = 0
  let lost = 0
  let loadedTo = 0

  const behind = () => (file === null ? 0 : file.size() - loadedTo)

  async function applyOldest(target: Ledger): Promise<void> {
    const line = memory[0] ?? ''
    const record = parseSpoolLine(line)
    if (record !== null) {
      await applyRecord(target, record).catch((error: unknown) => {
        if (isDown(error)) throw error
      })
    }
    // A record kept meanwhile may have moved it into the file, from which it is loaded once more, to no effect.
    if (memory[0] !== line) return
    memory.shift()
    memoryBytes -= line.length
  }

  return {
    keep(record) {
      const line = spoolLine(record)
      waiting++
      try {
        file ??= createSpoolFile(native, ledger)
        file.append(memory.join('') + line)
        memory = []
        memoryBytes = 0
      } catch (error) {
        if (memoryBytes + line.length > MOST_IN_MEMORY) lost++
        else {
          memory.push(line)
          memoryBytes += line.length
        }
        throw error
      }
    },
    counts: () => ({ waiting, lost, path: file?.path ?? null }),
    behind,
    async load(target, beforeEach) {
      for (;;) {
        beforeEach()
        if (file !== null && behind() > 0) loadedTo = (await loadSpool(target, file.path, loadedTo)).end
        else if (memory.length > 0) await applyOldest(target)
        else return
      }
    },
    clear() {
      file?.remove()
      file = null
      loadedTo = 0
      waiting = 0
    },
    leave: () => file?.leave(),
  }
}
