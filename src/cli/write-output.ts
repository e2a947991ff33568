import { createWriteStream } from 'node:fs'
import { access, constants, open, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Fault } from '../kit/index.js'
import type { Cli } from './cli.js'
import { write } from './io.js'
import { answer } from './say.js'

/** Writes pages of JSON Lines, or of CSV, to stdout or to a file that only its owner may read; with `--json` as one document. */
export async function writeLines(cli: Cli, lines: Iterable<string>, output: string | undefined): Promise<void> {
  const pages = cli.globals().json ? asArray(lines) : lines
  if (output !== undefined) return pipeline(Readable.from(pages), createWriteStream(resolve(cli.io.cwd, output), { mode: 0o600 }))
  for (const page of pages) await write(cli.io.stdout, page)
}

/** Pages of JSON Lines as the single document that `--json` promises: an array, still written a page at a time. */
function* asArray(pages: Iterable<string>): Iterable<string> {
  let before = '['
  for (const page of pages) {
    if (page === '') continue
    yield before + page.trimEnd().replaceAll('\n', ',\n')
    before = ',\n'
  }
  yield before === '[' ? '[]\n' : ']\n'
}

/** Writes the `--html` page, readable by its owner only, and prints its path. Throws E_USAGE if it cannot be written. */
export async function writePage(cli: Cli, file: string, html: string): Promise<void> {
  const path = resolve(cli.io.cwd, file)
  await writeFile(path, html, { mode: 0o600 }).catch((cause) => refuse(path, cause))
  return answer(cli, { path }, () => `Wrote ${path}.`)
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
