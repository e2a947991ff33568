import { Fault } from '../../kit/index.js'

/** Options of `simulate` by their names on the command line. */
type Given = Readonly<Record<string, unknown>>

/** What an option goes with (any of these) or does not go with (none of these), and what to do about it. The first rule broken is told. */
type OptionRule = { readonly option: string; readonly hint: string; readonly says?: string } & (
  | { readonly with: readonly string[] }
  | { readonly without: readonly string[] }
)

const VERIFYING = { with: ['verify'], hint: 'Say how many calls to ask again, as in --verify 200 --max-usd 2.' }
const OF_WEIGHTS = { with: ['sweep', 'html'], hint: 'For one policy, write floor=.8 among its --weights.' }

const RULES: readonly OptionRule[] = [
  ...['maxUsd', 'judge', 'yes', 'dryRun'].map((option) => ({ option, ...VERIFYING })),
  { option: 'verify', without: ['from', 'sweep', 'suggest', 'html'], hint: 'Verify one policy on the calls of the ledger itself.' },
  { option: 'verify', with: ['maxUsd'], says: '--verify spends money.', hint: 'Say how much it may be, as in --max-usd 2.' },
  {
    option: 'sweep',
    without: ['preset', 'weights', 'profile', 'suggest', 'diff', 'html'],
    hint: 'It tries weights of its own; a page has them too, with --html alone.',
  },
  {
    option: 'suggest',
    without: ['preset', 'weights', 'profile', 'models', 'without', 'price', 'deadline', 'diff', 'html'],
    hint: 'It changes the policies that were live, one model or price at a time.',
  },
  { option: 'minQuality', ...OF_WEIGHTS },
  { option: 'floor', ...OF_WEIGHTS },
]

/** Throws E_USAGE for options of which one would go unheard. */
export function checkOptions(given: Given): void {
  for (const rule of RULES) {
    if (given[rule.option] === undefined) continue
    const { says, hint } = rule
    if ('without' in rule) {
      const other = rule.without.find((name) => given[name] !== undefined)
      if (other !== undefined) throw new Fault('E_USAGE', `${flag(rule.option)} does not go with ${flag(other)}.`, { hint })
    } else if (!rule.with.some((name) => given[name] !== undefined))
      throw new Fault('E_USAGE', says ?? `${flag(rule.option)} goes with ${rule.with.map(flag).join(' or ')}.`, { hint })
  }
}

function flag(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
