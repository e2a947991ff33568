import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Makes sure the file exists and only its owner can read it. A folder made for it is the owner's alone too. */
export function createPrivateFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  closeSync(openSync(path, 'a', 0o600))
  tighten(path)
}

/** Takes other people's rights away from a file that exists. On Windows modes mean nothing: the user's folder is its owner's. */
export function tighten(path: string): void {
  if (process.platform === 'win32' || !existsSync(path)) return
  if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600)
}
