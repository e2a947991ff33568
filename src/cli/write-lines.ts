import { createWriteStream } from 'node:fs'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Cli } from './cli.js'
import { write } from './io.js'

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
