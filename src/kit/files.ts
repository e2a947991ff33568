import { chmodSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname } from 'node:path'

/** The system that a file lies on, and how to run one of its programs. */
interface FileSystemOwner {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  readonly user: string
  /** Returns whether the program ended well. */
  run(program: string, args: readonly string[]): boolean
}

/**
 * Makes a file or a folder its owner's alone: by its mode or, on Windows, where modes mean nothing, by an access list of one entry. Returns
 * whether that was done; a file system without rights is no reason to fail.
 */
export function ownerOnly(path: string, mode: 0o600 | 0o700, system: FileSystemOwner = HERE): boolean {
  if (system.platform !== 'win32') {
    chmodSync(path, mode)
    return true
  }
  const [program, ...args] = aclCommand(path, mode === 0o700, system)
  return system.run(program, args)
}

/** Writes a file that its owner alone can read, in one step, so that no reader sees half of it. Makes its folder. */
export function replacePrivateFile(path: string, content: string | Uint8Array): void {
  const draft = `${path}.${process.pid}`
  makeFolder(dirname(path), 0o700)
  // Private before anything is written into it.
  writeFileSync(draft, '', { mode: 0o600 })
  ownerOnly(draft, 0o600)
  writeFileSync(draft, content)
  renameSync(draft, path)
}

/** This call removes inherited rights and grants all rights to one user; files created in a folder inherit that. */
function aclCommand(
  path: string,
  folder: boolean,
  { env, user }: Pick<FileSystemOwner, 'env' | 'user'>,
): readonly [program: string, ...args: string[]] {
  const domain = env.USERDOMAIN
  const who = domain === undefined || domain === '' ? user : `${domain}\\${user}`
  // By its full path: another icacls could lie in the folder that we run in.
  const icacls = `${env.SystemRoot ?? 'C:\\Windows'}\\System32\\icacls.exe`
  return [icacls, path, '/inheritance:r', '/grant:r', `${who}:${folder ? '(OI)(CI)F' : 'F'}`, '/q']
}

const HERE: FileSystemOwner = {
  platform: process.platform,
  env: process.env,
  get user() {
    return userInfo().username
  },
  run(program, args) {
    // Loaded only when needed, so that commands start faster.
    const { spawnSync } = process.getBuiltinModule('node:child_process')
    return spawnSync(program, args, { stdio: 'ignore', windowsHide: true }).status === 0
  },
}

/**
 * Makes a folder and those it lies in, and returns the first that it made; undefined when all were there. Node's own `recursive` tries for
 * ever where the system says of a folder in an existing one that there is no such thing, as under /proc (Node 20).
 */
export function makeFolder(folder: string, mode = 0o777): string | undefined {
  if (isFolder(folder)) return undefined
  const parent = dirname(folder)
  const first = parent === folder ? undefined : makeFolder(parent, mode)
  try {
    mkdirSync(folder, { mode })
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!isFolder(folder)) throw error
  }
  return first ?? folder
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
