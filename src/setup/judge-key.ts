/** How keys of a provider begin, where they have a telling prefix. */
const PREFIXES: Readonly<Record<string, readonly string[]>> = {
  anthropic: ['sk-ant-'],
  openrouter: ['sk-or-'],
  openai: ['sk-'],
  deepseek: ['sk-'],
  groq: ['gsk_'],
  xai: ['xai-'],
  google: ['AIza', 'AQ.'],
  cerebras: ['csk-'],
  fireworks: ['fw_', 'fw-'],
}

/** What people put where a key should be, `connect`'s own stand-in among it. */
const STAND_IN =
  /^(?:llmroute|changeme|dummy|test|none|null|undefined|todo|key|secret|x+|\.+|your[-_ ].*|<.*>|\$\{?\w+\}?|sk-(?:x+|\.+|your.*|test|dummy)?)$/i
const SHORTEST = 16

interface KeyProblem {
  /** `wrong` cannot work; `odd` may. */
  readonly degree: 'wrong' | 'odd'
  /** What is the matter with "the key", without any of its characters. */
  readonly text: string
}

/** What a key looks like, without asking anybody; null when nothing is the matter. */
export function judgeKey(provider: string, key: string): KeyProblem | null {
  if (/^['"]|['"]$/.test(key)) return { degree: 'wrong', text: 'is in quotes that belong to the shell' }
  if (STAND_IN.test(key)) return { degree: 'wrong', text: 'is a stand-in, not a key' }
  if (/\s/.test(key)) return { degree: 'wrong', text: 'has white space in it' }
  if (key.length < SHORTEST) return { degree: 'odd', text: `is only ${key.length} characters long` }
  const own = PREFIXES[provider]
  if (own === undefined) return null
  const other = ownerOf(key)
  if (other !== null && other !== provider && !own.includes(PREFIXES[other]?.[0] ?? ''))
    return { degree: 'odd', text: `looks like one of ${other}` }
  return own.some((prefix) => key.startsWith(prefix)) ? null : { degree: 'odd', text: `does not begin with ${own.join(' or ')}` }
}

/** The provider with the longest prefix that fits. */
function ownerOf(key: string): string | null {
  const fitting = Object.entries(PREFIXES).flatMap(([id, prefixes]) =>
    prefixes.filter((p) => key.startsWith(p)).map((p) => ({ id, length: p.length })),
  )
  return fitting.sort((a, b) => b.length - a.length)[0]?.id ?? null
}
