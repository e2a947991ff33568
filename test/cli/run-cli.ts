import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable, Writable } from 'node:stream'
import { type Io, run } from '../../src/cli/index.js'

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface RunOptions {
  readonly stdin?: string
  readonly env?: Readonly<Record<string, string>>
  readonly tty?: boolean
  /** Keys pressed at a terminal that is there to ask. */
  readonly keys?: string
  readonly columns?: number
  readonly cwd?: string
  readonly interrupted?: AbortSignal
}

/** A folder of its own with a ledger and a configuration folder in it, and commands run there. */
export interface Place {
  readonly folder: string
  readonly db: string
  cli(args: readonly string[], options?: RunOptions): Promise<Ran>
  remove(): void
}

export function newPlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'llmroute-cli-'))
  const db = join(folder, 'ledger.db')
  return {
    folder,
    db,
    cli: (args, options = {}) =>
      runCli(args, { cwd: folder, ...options, env: { LLMROUTE_DB: db, LLMROUTE_CONFIG_DIR: folder, ...options.env } }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Runs a command line in this process with streams of its own. */
export async function runCli(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const out = collector()
  const err = collector()
  const stdin = options.stdin === undefined ? new PassThrough() : Readable.from([Buffer.from(options.stdin)])
  if (options.keys !== undefined) stdin.push(options.keys)
  const io: Io = {
    stdin,
    stdinIs: options.keys !== undefined ? 'terminal' : options.stdin === undefined ? 'nothing' : 'pipe',
    stdout: Object.assign(out.stream, {
      isTTY: options.tty === true || options.keys !== undefined,
      ...(options.columns === undefined ? {} : { columns: options.columns }),
    }),
    stderr: Object.assign(err.stream, { isTTY: options.tty === true }),
    env: options.env ?? {},
    cwd: options.cwd ?? process.cwd(),
    interrupted: options.interrupted ?? new AbortController().signal,
  }
  const code = await run(args, io)
  return { code, out: out.text(), err: err.text() }
}

function collector(): { readonly stream: Writable; text(): string } {
  const chunks: Buffer[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk)
      done()
    },
  })
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') }
}
