import { closeSync, fstatSync, openSync, readdirSync, readSync, rmSync, statSync, writeSync } from 'node:fs'
import { basename, join } from 'node:path'
import { newId } from '../../kit/index.js'
import type { OpenNative } from '../database/native.js'
import { createPrivateFile } from '../database/private-files.js'
import { holdRunLock, isRunAlive } from '../database/run-lock.js'
import { existingSpoolFolders } from './spool-folders.js'

const SUFFIX = '.spool.jsonl'

/** A file of lines, held by the process that writes it. */
export type SpoolFile = ReturnType<typeof createSpoolFile>

/** In one of the folders where the next process will look. Throws when nothing can be made there. */
export function createSpoolFile(open: OpenNative, ledger: string, folder: string) {
  const path = join(folder, `${basename(ledger)}.${newId()}${SUFFIX}`)
  createPrivateFile(path)
  const release = holdRunLock(open, lockOf(path))
  const fd = openSync(path, 'a')
  let torn = false
  const close = () => {
    closeSync(fd)
    release()
  }
  return {
    folder,
    path,
    /** Throws when the disk will not take it; a part that was written is made good by the next line. */
    append(lines: string) {
      const bytes = Buffer.from(torn ? `\n${lines}` : lines)
      torn = true
      if (writeSync(fd, bytes) !== bytes.length) throw new Error(`${path} took only a part of the record`)
      torn = false
    },
    size: () => statSync(path).size,
    remove() {
      close()
      rmSync(path, { force: true })
    },
    /** Closes it and leaves it for the next process. */
    leave: close,
  }
}

/** Spool files of this ledger whose process is gone, oldest first. */
export function abandonedSpools(open: OpenNative, ledger: string): string[] {
  return existingSpoolFolders(ledger)
    .flatMap((folder) => readdirSync(folder).map((file) => ({ folder, file })))
    .filter(({ file }) => file.startsWith(`${basename(ledger)}.`) && file.endsWith(SUFFIX))
    .sort((a, b) => (a.file < b.file ? -1 : 1))
    .map(({ folder, file }) => join(folder, file))
    .filter((path) => !isRunAlive(open, lockOf(path)))
}

function lockOf(spool: string): string {
  return `${spool}.lock`
}

/** Complete lines from a position in the file to its present end, in pieces of about a megabyte, each with the position after it. */
export function* readLines(path: string, from: number): Generator<{ readonly lines: readonly string[]; readonly end: number }> {
  const fd = openSync(path, 'r')
  try {
    const { size } = fstatSync(fd)
    const chunk = Buffer.alloc(1 << 20)
    let rest: Buffer = Buffer.alloc(0)
    let end = from
    for (let at = from; at < size; ) {
      const bytes = readSync(fd, chunk, 0, chunk.length, at)
      if (bytes === 0) return
      at += bytes
      const joined = Buffer.concat([rest, chunk.subarray(0, bytes)])
      const cut = joined.lastIndexOf(10) + 1
      rest = joined.subarray(cut)
      if (cut === 0) continue
      end += cut
      const lines = joined.toString('utf8', 0, cut).split('\n')
      yield { lines: lines.filter((line) => line !== ''), end }
    }
  } finally {
    closeSync(fd)
  }
}
