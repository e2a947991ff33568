import { Fault, stableJson } from '../../kit/index.js'

export type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json }

/** Where a setting stands: keys from the outside in. */
export type Path = readonly string[]

export interface Change {
  /** In YAML the second key is the name of an item of a list. */
  readonly at: Path
  readonly value: Json
  /** `always` replaces what is there; `absent` only fills a gap. */
  readonly when?: 'always' | 'absent'
}

export interface Span {
  readonly start: number
  readonly end: number
}

/** Reads and changes a text in place: what is not touched keeps every byte. */
export interface TextFormat {
  /** The value at a path; undefined when there is none or the text does not hold one there. */
  read(text: string, at: Path): unknown
  /** Where the value at a path is spelled, were it empty or a table's mere header; undefined when nothing stands there. */
  find(text: string, at: Path): Span | undefined
  /** Throws E_CONFIG when the text cannot be changed safely. */
  write(text: string, change: Change): string
  /** Takes out what stands at a path, with its line; no change when nothing does. */
  remove(text: string, at: Path): string
}

/** The file is written in a way that is not safe to edit: the person has to. */
export function notEditable(why: string, line?: number): Fault {
  return new Fault('E_CONFIG', line === undefined ? why : `line ${line}: ${why}`, {
    hint: 'Correct the file, or make the change by hand: without --write the settings are printed.',
  })
}

export function sameJson(a: unknown, b: unknown): boolean {
  return stableJson(a) === stableJson(b)
}
