/** What is to be run whenever the user is logged in. */
export interface ServiceSpec {
  /** Absolute path of the Node that runs this. */
  readonly node: string
  /** Absolute path of the program. */
  readonly program: string
  /** Its global options: which ledger, which configuration. */
  readonly options: readonly string[]
  /** Variables that are no secrets. */
  readonly env: Readonly<Record<string, string>>
  /** File for what the daemon says, which `llmroute logs` reads. */
  readonly log: string
  readonly home: string
  /** Of the user; null where the system has none. */
  readonly uid: number | null
}

export type Command = readonly [program: string, ...args: string[]]

export interface Unit {
  /** What it is called there, for people. */
  readonly kind: string
  readonly path: string
  readonly content: string
  readonly encoding: 'utf8' | 'utf16le'
  /** Run after the file is written, in order. */
  readonly start: readonly Command[]
  /** Run before the file is removed; failures mean that it was not running. */
  readonly stop: readonly Command[]
  readonly forget: readonly Command[]
  readonly remarks: readonly string[]
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
