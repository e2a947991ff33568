import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Fault } from '../kit/index.js'
import type { Cli } from './cli.js'
import { print, printJson } from './say.js'

/** Writes the `--html` page, readable by its owner only, and prints its path. Throws E_USAGE if it cannot be written. */
export async function writePage(cli: Cli, file: string, html: string): Promise<void> {
  const path = resolve(cli.io.cwd, file)
  await writeFile(path, html, { mode: 0o600 }).catch((cause: NodeJS.ErrnoException) => {
    throw new Fault('E_USAGE', `The page cannot be written to ${path} (${cause.code ?? cause.message}).`, {
      hint: 'Give a file in a folder that exists and is yours.',
      cause,
    })
  })
  return cli.globals().json ? printJson(cli, { path }) : print(cli, `Wrote ${path}.`)
}
