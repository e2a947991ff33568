import { access, constants, open, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Fault } from '../kit/index.js'
import type { Cli } from './cli.js'
import { print, printJson } from './say.js'

/** Writes the `--html` page, readable by its owner only, and prints its path. Throws E_USAGE if it cannot be written. */
export async function writePage(cli: Cli, file: string, html: string): Promise<void> {
  const path = resolve(cli.io.cwd, file)
  await writeFile(path, html, { mode: 0o600 }).catch((cause) => refuse(path, cause))
  return cli.globals().json ? printJson(cli, { path }) : print(cli, `Wrote ${path}.`)
}

/** Finds out ahead of long work that `writePage` would fail, without leaving a file behind. Throws E_USAGE then. */
export async function checkPage(cli: Cli, file: string): Promise<void> {
  const path = resolve(cli.io.cwd, file)
  try {
    await (await open(path, 'r+')).close()
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') refuse(path, cause as NodeJS.ErrnoException)
    await access(dirname(path), constants.W_OK).catch((cause) => refuse(path, cause))
  }
}

function refuse(path: string, cause: NodeJS.ErrnoException): never {
  throw new Fault('E_USAGE', `The page cannot be written to ${path} (${cause.code ?? cause.message}).`, {
    hint: 'Give a file in a folder that exists and is yours.',
    cause,
  })
}
