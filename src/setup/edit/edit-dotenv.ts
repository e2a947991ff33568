import { type Change, notEditable, type TextFormat } from './format.js'
import { addLine, lineStart, nextLine, splice } from './text-style.js'

/** `NAME=value` lines, as shells and dotenv read them. A new name goes to the end. */
export const dotenvFormat: TextFormat = {
  read(text, [name]) {
    const line = lineOf(text, name ?? '')
    return line?.value.replace(/^(['"])(.*)\1$/, '$2')
  },

  find(text, [name = '']) {
    const line = lineOf(text, name)
    return line === null ? undefined : { start: line.start, end: line.start + line.value.length }
  },

  write(text, { at: [name = ''], value, when = 'always' }: Change) {
    if (typeof value !== 'string' || /\s|["'#]/.test(value)) throw notEditable(`${name} needs a plain word`)
    const line = lineOf(text, name)
    if (line === null) return addLine(text, `${name}=${value}`)
    if (when === 'absent' || dotenvFormat.read(text, [name]) === value) return text
    return splice(text, line.start, line.start + line.value.length, value)
  },

  remove(text, [name = '']) {
    const line = lineOf(text, name)
    return line === null ? text : splice(text, lineStart(text, line.start), nextLine(text, line.start), '')
  },
}

/** The last line that sets the name wins. */
function lineOf(text: string, name: string): { readonly start: number; readonly value: string } | null {
  const pattern = new RegExp(`^([ \\t]*(?:export[ \\t]+)?${name.replace(/\W/g, '\\$&')}[ \\t]*=[ \\t]*)([^\\r\\n]*?)[ \\t]*$`, 'gm')
  const match = [...text.matchAll(pattern)].at(-1)
  return match === undefined ? null : { start: match.index + (match[1]?.length ?? 0), value: match[2] ?? '' }
}
