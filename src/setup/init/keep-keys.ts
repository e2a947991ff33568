import { join } from 'node:path'
import { makeFolder, ownerOnly } from '../../kit/index.js'
import { readState, replaceFile, textOf } from '../connect/client-file.js'
import { dotenvFormat } from '../edit/edit-dotenv.js'
import { notEditable } from '../edit/format.js'
import { addLine } from '../edit/text-style.js'

const HEAD = '# Keys for llmroute, for you alone. The environment goes before this file.\n'

/**
 * Puts keys into `keys.env` of the configuration folder, readable for their owner alone; what stands there otherwise stays. Returns
 * its path. Throws E_CONFIG for a value that a line cannot hold.
 */
export function keepKeys(folder: string, keys: Readonly<Record<string, string>>): string {
  const path = join(folder, 'keys.env')
  let text = textOf(readState(path), path) || HEAD
  for (const [name, value] of Object.entries(keys)) {
    if (/[\r\n]/.test(value)) throw notEditable(`${name} holds a line break`)
    if (dotenvFormat.read(text, [name]) === value) continue
    // Quotes are what the reader takes off again, for values with spaces at their ends or a # in them.
    text = addLine(dotenvFormat.remove(text, [name]), `${name}=${/^[\w.:/+=@-]+$/.test(value) ? value : `'${value}'`}`)
  }
  makeFolder(folder, 0o700)
  ownerOnly(folder, 0o700)
  replaceFile(path, Buffer.from(text, 'utf8'), 0o600)
  return path
}
