/**
 * Takes what looks like a credential out of text before it is stored or logged. Patterns are of keys with a telling prefix, so that
 * ordinary text, hashes and ids are left alone.
 */
const SECRET = new RegExp(
  [
    // OpenAI, Anthropic, OpenRouter, DeepSeek and those who copy them; not the end of a word (`task-` and a name, `disk-`, `risk-`)
    'sk-(?<!(?<![\\\\%A-Za-z0-9])[A-Za-z]{0,12}[aeiou]sk-)[A-Za-z0-9_-]{20,}',
    // Groq, xAI, Fireworks, Perplexity, Hugging Face, Replicate
    '(?:gsk|xai|fw|pplx|hf|r8)[_-][A-Za-z0-9]{20,}',
    // Google
    'AIza[A-Za-z0-9_-]{35}',
    // AWS access keys
    '(?:AKIA|ASIA)[A-Z0-9]{16}',
    // GitHub, GitLab, Slack, npm, Stripe
    'gh[pousr]_[A-Za-z0-9]{36,}',
    'github_pat_[A-Za-z0-9_]{40,}',
    'glpat-[A-Za-z0-9_-]{20,}',
    'xox[abprs]-[A-Za-z0-9-]{10,}',
    'npm_[A-Za-z0-9]{36}',
    '[sr]k_(?:live|test)_[A-Za-z0-9]{20,}',
    // JSON web tokens. One begins where a run of its letters does, or long runs would be tried again from every place within.
    '(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,4096}\\.eyJ[A-Za-z0-9_-]{10,8192}\\.[A-Za-z0-9_-]{10,1024}',
    // Private keys, line breaks escaped or not
    '-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[A-Za-z0-9+/=\\s\\\\nr]{40,16384}?-----END [A-Z ]{0,20}PRIVATE KEY-----',
  ].join('|'),
  'g',
)

/** By itself: as one of the alternatives above, it would be tried at every place of a text, which takes three times as long. */
const BEARER = /(?<=[Bb]earer )[A-Za-z0-9._~+/-]{20,}=*/g

/**
 * Each secret becomes `[redacted:sk-a]`, with its first four characters, so that the user can tell which one it was. JSON stays valid JSON.
 */
export function redactSecrets(text: string): string {
  const rest = text.includes('earer ') ? text.replace(BEARER, hide) : text
  return rest.replace(SECRET, hide)
}

function hide(secret: string): string {
  return `[redacted:${secret.slice(0, 4)}]`
}
