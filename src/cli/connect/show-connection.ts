import type { ChalkInstance } from 'chalk'
import type { Client, DiffLine, FileChange, Machine, Target } from '../../setup/index.js'
import { settingsFor } from '../../setup/index.js'

const MARKS = { same: ' ', removed: '-', added: '+', gap: ' ' } as const

/** One file's change as a person reads it before agreeing to it. */
export function showChange({ path, exists, diff }: FileChange, paint: ChalkInstance): string {
  if (diff.length === 0) return `${paint.bold(path)} is already correct.`
  return [`${paint.bold(path)}${exists ? '' : ' (new)'}`, ...showDiffLines(diff, paint)].join('\n')
}

function showDiffLines(diff: readonly DiffLine[], paint: ChalkInstance): readonly string[] {
  const colours = { same: paint.dim, removed: paint.red, added: paint.green, gap: paint.dim }
  return diff.map(({ kind, text }) => colours[kind](`${MARKS[kind]} ${text}`))
}

/** Exact settings, for people who enter them by hand. */
export function showSettings(client: Client, target: Target, machine: Machine, paint: ChalkInstance): string {
  const files = settingsFor(client, target, machine).map(({ path, text }) => `${paint.bold(path)}\n${indented(text)}`)
  return [paint.bold.underline(client.title), ...files, showSteps(client, target, machine, paint)].join('\n\n')
}

/** What is left to do, and what cannot be routed. */
export function showSteps(client: Client, target: Target, machine: Machine, paint: ChalkInstance): string {
  return [...client.steps(target, machine), '', paint.yellow('Not routed:'), ...client.limits.map((limit) => `  ${limit}`)].join('\n')
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')
}
