import { createReadStream, existsSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { daemonLogPath } from '../../control/index.js'
import { Fault } from '../../kit/index.js'
import { type Cli, examples, wholeNumber } from '../cli.js'
import { write } from '../io.js'
import { daemonLedger } from '../running-daemon.js'
import { printJson } from '../say.js'

interface Options {
  readonly follow?: boolean
  readonly lines: number
}

const LOOK_MS = 250

export function define(command: Command, cli: Cli): void {
  command
    .option('-f, --follow', 'keep printing new lines')
    .option('-n, --lines <n>', 'print this many of the last lines', wholeNumber, 50)
    .action(async ({ follow, lines }: Options) => {
      const path = daemonLogPath(await daemonLedger(cli))
      if (!existsSync(path))
        throw new Fault('E_EMPTY', `There is no log at ${path}.`, { hint: 'Start a daemon with `llmroute serve --detach`.' })
      const text = await readFile(path, 'utf8')
      const last = lines === 0 ? [] : text.trimEnd().split('\n').slice(-lines)
      if (cli.globals().json) {
        if (follow) throw new Fault('E_USAGE', '--json does not go with --follow.', { hint: 'A document ends; follow the plain lines.' })
        return printJson(cli, { path, lines: last })
      }
      if (lines > 0) await write(cli.io.stdout, `${last.join('\n')}\n`)
      if (follow) await followFrom(path, Buffer.byteLength(text), cli)
    })
  examples(command, 'llmroute logs', 'llmroute logs --lines 5')
}

/** Prints what is appended until interrupted. A shorter file is a new one. Always throws in the end: E_CANCELLED. */
async function followFrom(path: string, start: number, cli: Cli): Promise<never> {
  let at = start
  while (!cli.io.interrupted.aborted) {
    const { size } = statSync(path)
    if (size < at) at = 0
    if (size > at) {
      for await (const chunk of createReadStream(path, { start: at, end: size - 1 }))
        await write(cli.io.stdout, (chunk as Buffer).toString('utf8'))
      at = size
    }
    await sleep(LOOK_MS)
  }
  throw new Fault('E_CANCELLED', 'Interrupted.')
}
