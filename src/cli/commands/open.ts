import { spawn } from 'node:child_process'
import type { Command } from 'commander'
import { oneTimeLink } from '../../control/index.js'
import { type Cli, examples } from '../cli.js'
import { runningDaemon } from '../running-daemon.js'
import { print, printJson } from '../say.js'

export function define(command: Command, cli: Cli): void {
  command.option('--print', 'print the link, open nothing').action(async ({ print: printOnly }: { readonly print?: boolean }) => {
    const url = await oneTimeLink(await runningDaemon(cli))
    if (cli.globals().json) return printJson(cli, { url })
    if (printOnly !== true) openInBrowser(url)
    await print(cli, printOnly ? url : `Opening ${url}\nThe link works once and for a minute.`)
  })
  examples(command, 'llmroute open --print')
}

/** Best effort: without a desktop the printed link remains. */
function openInBrowser(url: string): void {
  const [program, ...args] =
    process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open']
  const child = spawn(program ?? '', [...args, url], { stdio: 'ignore', detached: true })
  child.once('error', () => {})
  child.unref()
}
