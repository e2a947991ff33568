import { accessSync, chmodSync, closeSync, constants, existsSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeFolder, ownerOnly } from '../../kit/index.js'

/** Makes sure the file exists and only its owner can read it. */
export function createPrivateFile(path: string): void {
  createFile(path)
  tighten(path)
}

/** Makes sure the file exists: one that is made, and a folder made for it, is the owner's alone. */
export function createFile(path: string): void {
  const folder = dirname(path)
  const made = makeFolder(folder, 0o700) !== undefined
  // On Windows, files created in the folder inherit its rights.
  if (made) ownerOnly(folder, 0o700)
  // One that is there is not touched: closing it would take the locks away that SQLite holds on it in this process.
  if (existsSync(path)) accessSync(path, constants.W_OK)
  else closeSync(openSync(path, 'a', 0o600))
}

/** Takes other people's rights away from a file that exists. On Windows modes mean nothing: it has those of its folder. */
export function tighten(path: string): void {
  if (process.platform === 'win32' || !existsSync(path)) return
  if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600)
}
