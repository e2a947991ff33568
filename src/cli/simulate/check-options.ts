import { Fault } from '../../kit/index.js'

/** Options of `simulate` by their names on the command line. */
export type Given = Readonly<Record<string, unknown>>

/** What each option cannot be combined with, and why. */
const APART: readonly (readonly [option: string, others: readonly string[], why: string])[] = [
  [
    'sweep',
    ['preset', 'weights', 'profile', 'suggest', 'diff', 'html'],
    'It tries weights of its own; a page has them too, with --html alone.',
  ],
  [
    'suggest',
    ['preset', 'weights', 'profile', 'models', 'without', 'price', 'deadline', 'diff', 'html'],
    'It changes the policies that were live, one model or price at a time.',
  ],
]
/** Options that say nothing without one of others. */
const TOGETHER: readonly (readonly [option: string, others: readonly string[]])[] = [
  ['minQuality', ['sweep', 'html']],
  ['floor', ['sweep', 'html']],
]

/** Throws E_USAGE for options of which one would go unheard. */
export function checkOptions(given: Given): void {
  for (const [option, others, why] of APART) {
    const other = given[option] === undefined ? undefined : others.find((name) => given[name] !== undefined)
    if (other !== undefined) throw new Fault('E_USAGE', `${flag(option)} does not go with ${flag(other)}.`, { hint: why })
  }
  for (const [option, others] of TOGETHER) {
    if (given[option] === undefined || others.some((name) => given[name] !== undefined)) continue
    throw new Fault('E_USAGE', `${flag(option)} goes with ${others.map(flag).join(' or ')}.`, {
      hint: 'For one policy, write floor=.8 among its --weights.',
    })
  }
}

function flag(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
