import type { OpenNative } from '../database/native.js'
import { isDown } from '../database/sqlite-errors.js'
import type { Ledger } from '../ledger.js'
import { createSpoolFile, type SpoolFile } from './spool-file.js'
import { clearAway, makeAway, spoolFolders } from './spool-folders.js'
import { applyRecord, loadSpool, parseSpoolLine, type SpoolRecord, spooledMessages, spoolLine } from './spool-record.js'

interface Place {
  readonly file: SpoolFile
  loadedTo: number
}

const MOST_IN_MEMORY = 64 * 1024 * 1024

/** Records that wait for the ledger: in a file beside it, in one on another disk where that fails, and in memory as a last resort. */
export type Backlog = ReturnType<typeof openBacklog>

export function openBacklog(native: OpenNative, ledger: string, redact: (json: string) => string) {
  const [beside, away] = spoolFolders(ledger)
  /** In chronological order of their contents. */
  let places: Place[] = []
  const messages = spooledMessages(redact)
  /** Records newer than those in the files. */
  let memory: string[] = []
  let memoryBytes = 0
  let waiting = 0
  let lost = 0

  const unread = ({ file, loadedTo }: Place) => file.size() - loadedTo

  /** Throws the first place's error when no place accepts it. */
  function append(lines: string): void {
    let wrong: unknown
    for (const folder of [beside, away]) {
      const used = places.find((place) => place.file.folder === folder)
      // Older lines are loaded before newer ones, so a place that was left is not used again.
      if (used !== undefined && used !== places.at(-1)) continue
      try {
        if (folder === away && used === undefined) makeAway(away)
        const place = used ?? { file: createSpoolFile(native, ledger, folder), loadedTo: 0 }
        if (used === undefined) places.push(place)
        place.file.append(lines)
        return
      } catch (error) {
        wrong ??= error
      }
    }
    throw wrong
  }

  async function applyOldest(target: Ledger): Promise<void> {
    const line = memory[0] ?? ''
    const record = parseSpoolLine(line)
    if (record !== null) {
      await applyRecord(target, record).catch((error: unknown) => {
        if (isDown(error)) throw error
      })
    }
    // A record kept meanwhile may have moved this one into the file, from which it is loaded again, to no effect.
    if (memory[0] !== line) return
    memory.shift()
    memoryBytes -= line.length
  }

  async function loadFrom(place: Place, target: Ledger): Promise<void> {
    const size = place.file.size()
    const { end } = await loadSpool(target, place.file.path, place.loadedTo)
    // A disk that ran full in the middle of a line left a part of it, which was then written elsewhere.
    place.loadedTo = end === place.loadedTo ? size : end
  }

  return {
    /** Throws the files' error when the record had to go to memory; a record that does not fit there either counts as lost. */
    keep(record: SpoolRecord) {
      const line = spoolLine(messages.shorten(record))
      waiting++
      try {
        append(memory.join('') + line)
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
    /** The path is that of the file in use. */
    counts: () => ({ waiting, lost, path: places.at(-1)?.file.path ?? null }),
    /** Bytes of the files that are not loaded yet. */
    behind: () => places.reduce((bytes, place) => bytes + unread(place), 0),
    /** Loads what waits and returns in the turn in which nothing does any more: records kept meanwhile are loaded too. */
    async load(target: Ledger, beforeEach: () => void) {
      for (;;) {
        beforeEach()
        const place = places.find((one) => unread(one) > 0)
        if (place !== undefined) await loadFrom(place, target)
        else if (memory.length > 0) await applyOldest(target)
        else return
      }
    },
    /** Forgets what was loaded and removes the files. */
    clear() {
      for (const { file } of places) file.remove()
      if (places.length > 0) clearAway(ledger)
      places = []
      waiting = 0
      messages.clear()
    },
    /** Leaves the files for the next process. */
    leave() {
      for (const { file } of places) file.leave()
    },
  }
}
