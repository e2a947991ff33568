import { dotenvFormat } from './edit-dotenv.js'
import { jsonFormat } from './edit-json.js'
import { tomlFormat } from './edit-toml.js'
import { yamlFormat } from './edit-yaml.js'
import type { Change, Path, TextFormat } from './format.js'
import { splice } from './text-style.js'

const FORMATS = { json: jsonFormat, toml: tomlFormat, yaml: yamlFormat, dotenv: dotenvFormat } satisfies Readonly<
  Record<string, TextFormat>
>

export type FormatName = keyof typeof FORMATS

const BOM = '\uFEFF'

/** The text with every change made; empty text stands for a file that does not exist. Throws E_CONFIG when that is not safe. */
export function applyChanges(text: string, format: FormatName, changes: readonly Change[]): string {
  return unmarked(text, (bare) => changes.reduce((draft, change) => FORMATS[format].write(draft, change), bare))
}

/**
 * The text without the changes: each setting spelled as `before` has it, and gone where that has none, with what was only there to
 * hold it. Everything else stays, as does a gap that was none. Throws E_CONFIG when that is not safe.
 */
export function revertChanges(text: string, before: string, format: FormatName, changes: readonly Change[]): string {
  const { read, find, write, remove } = FORMATS[format]
  const original = bare(before)
  return unmarked(text, (start) => {
    let draft = start
    for (const change of changes) {
      const { at } = change
      const earlier = find(original, at)
      if (earlier !== undefined) {
        if (change.when === 'absent') continue
        const holding = find(draft, at) === undefined ? write(draft, change) : draft
        draft = respell(holding, format, at, original.slice(earlier.start, earlier.end))
        continue
      }
      draft = remove(draft, at)
      for (let depth = at.length - 1; depth > 0; depth--) {
        const holder = at.slice(0, depth)
        const held = find(original, holder)
        if (!isEmpty(read(draft, holder))) break
        if (held === undefined) draft = remove(draft, holder)
        else if (isEmpty(read(original, holder))) draft = respell(draft, format, holder, original.slice(held.start, held.end))
      }
    }
    return draft
  })
}

/** The text with the very spelling that a value once had: reading and writing it again would lose quotes, tables and comments. */
function respell(text: string, format: FormatName, at: Path, spelling: string): string {
  const place = FORMATS[format].find(text, at)
  return place === undefined ? text : splice(text, place.start, place.end, spelling)
}

/** The value at a path; undefined when there is none. Throws E_CONFIG when the text is malformed. */
export function readSetting(text: string, format: FormatName, at: Path): unknown {
  return FORMATS[format].read(bare(text), at)
}

function bare(text: string): string {
  return text.startsWith(BOM) ? text.slice(BOM.length) : text
}

function unmarked(text: string, work: (bare: string) => string): string {
  return (text.startsWith(BOM) ? BOM : '') + work(bare(text))
}

/** Nothing but an empty object or list, or the mere name of a table or list, which reads as nothing. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true
  return typeof value === 'object' && Object.keys(value).length === 0
}
