import { type Change, type Json, notEditable, sameJson, type TextFormat } from './format.js'
import { scanYaml, type YamlEntry } from './scan-yaml.js'
import { addLine, lineEnd, lineNumber, splice } from './text-style.js'
import { itemNamed, readYamlItem, removeYamlItem, writeYamlItem, yamlScalar, yamlValue } from './yaml-item.js'

/** YAML whose outermost level is a plain mapping. Values of one line are replaced; items of a list are known by their name. */
export const yamlFormat: TextFormat = {
  read(text, [key, item, field]) {
    const entry = entryOf(text, key)
    if (entry === undefined) return undefined
    if (item !== undefined) return readYamlItem(text, entry, item, field)
    return yamlValue(rawValue(text, entry).raw)
  },

  /** With the space before it, so that nothing at all can be put back. */
  find(text, [key, item]) {
    const entry = entryOf(text, key)
    if (entry === undefined) return undefined
    if (item !== undefined) return itemNamed(text, entry, item)
    const { start, raw } = rawValue(text, entry)
    return { start: entry.colon, end: start + raw.length }
  },

  write(text, { at: [key = '', item], value, when = 'always' }: Change) {
    const entry = entryOf(text, key)
    if (item !== undefined) return writeYamlItem(text, entry, { key, name: item, fields: value as Readonly<Record<string, Json>> })
    if (entry === undefined) return addLine(text, `${key}: ${yamlScalar(value)}`)
    if (when === 'absent') return text
    const { start, raw } = rawValue(text, entry)
    if (sameJson(yamlValue(raw), value)) return text
    if (/^[|>&*!{[]/.test(raw) || text.slice(lineEnd(text, entry.colon), entry.end).trim() !== '')
      throw notEditable(`"${key}" holds more than one plain value`, lineNumber(text, entry.start))
    return splice(text, start, start + raw.length, start === entry.colon ? ` ${yamlScalar(value)}` : yamlScalar(value))
  },

  remove(text, [key, item]) {
    const entry = entryOf(text, key)
    if (entry === undefined) return text
    return item === undefined ? splice(text, entry.start, entry.end, '') : removeYamlItem(text, entry, item)
  },
}

function entryOf(text: string, key: string | undefined): YamlEntry | undefined {
  return scanYaml(text).findLast((entry) => entry.key === key)
}

/** What stands behind the colon on the same line, without its comment. */
function rawValue(text: string, { colon }: YamlEntry): { readonly start: number; readonly raw: string } {
  const line = text.slice(colon, lineEnd(text, colon))
  const space = /^[ \t]*/.exec(line)?.[0].length ?? 0
  const rest = line.slice(space)
  if (rest.startsWith('#')) return { start: colon, raw: '' }
  const raw = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')/.exec(rest)?.[0] ?? rest.replace(/[ \t]+#.*$/, '').trimEnd()
  return raw === '' ? { start: colon, raw } : { start: colon + space, raw }
}
