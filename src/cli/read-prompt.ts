import { Fault } from '../kit/index.js'
import type { Io } from './io.js'

/** How long to wait for a socket that may never send anything when there is a prompt already. */
const SOCKET_PATIENCE_MS = 500

/**
 * The prompt from the argument, from stdin, or from both with what was piped in after it, as in `git diff | llmroute ask "write a commit
 * message"`; `-` is stdin alone. Throws E_USAGE when there is neither.
 */
export async function readPrompt(argument: string | undefined, io: Io, command: string): Promise<string> {
  const typed = argument === '-' ? undefined : argument
  const piped = (await readPiped(io, typed !== undefined)).trimEnd()
  const prompt = [typed ?? '', piped].filter((text) => text.trim() !== '').join('\n\n')
  if (prompt !== '') return prompt
  throw new Fault('E_USAGE', 'There is no prompt.', {
    hint: `Give it as an argument, as in \`llmroute ${command} "Name three primes."\`, or pipe it in.`,
  })
}

async function readPiped(io: Io, haveArgument: boolean): Promise<string> {
  if (io.stdinIs === 'terminal' || io.stdinIs === 'nothing') return ''
  const stdin = io.stdin
  const patience =
    io.stdinIs === 'socket' && haveArgument
      ? setTimeout(() => {
          stdin.destroy()
        }, SOCKET_PATIENCE_MS)
      : undefined
  const chunks: Buffer[] = []
  try {
    for await (const chunk of stdin) {
      clearTimeout(patience)
      chunks.push(Buffer.from(chunk as string | Buffer))
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  } finally {
    clearTimeout(patience)
  }
  const bytes = Buffer.concat(chunks)
  if (bytes.includes(0))
    throw new Fault('E_USAGE', 'What was piped in is not text.', { hint: 'An image or a PDF goes with `llmroute ask --file`.' })
  return bytes.toString('utf8')
}
