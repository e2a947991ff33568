import { describe, expect, it } from 'vitest'
import { redactSecrets } from '../../src/kit/index.js'

describe('what looks like a secret', () => {
  it.each([
    ['OpenAI', `sk-proj-${'a1B2'.repeat(12)}`],
    ['Anthropic', `sk-ant-api03-${'x9_-'.repeat(20)}`],
    ['Groq', `gsk_${'A1b2'.repeat(13)}`],
    ['Google', `AIza${'Sy_-A'.repeat(7)}`],
    ['AWS', 'AKIAIOSFODNN7EXAMPLE'],
    ['GitHub', `ghp_${'a1B2c3'.repeat(6)}`],
    ['GitHub, for some repositories', `github_pat_${'a1B2c3_'.repeat(8)}`],
    ['GitLab', `glpat-${'a1B2c3'.repeat(4)}`],
    ['xAI', `xai-${'a1B2'.repeat(20)}`],
    ['Slack', 'xoxb-123456789012-abcdef'],
    ['npm', `npm_${'a1B2c3'.repeat(6)}`],
    ['Stripe', `sk_live_${'a1B2'.repeat(6)}`],
    ['a token of the web', `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.${'abc_-1'.repeat(6)}`],
    ['a private key', `-----BEGIN RSA PRIVATE KEY-----\\n${'MIIEow'.repeat(20)}\\n-----END RSA PRIVATE KEY-----`],
    ['whatever a header bears', `ya29.${'a1-B2_c3'.repeat(5)}`, 'Authorization: Bearer'],
  ])('is taken out: %s', (_name, secret, before = 'before') => {
    const json = JSON.stringify({ text: `${before} ${secret} after` })
    const clean = redactSecrets(json)
    expect(clean).not.toContain(secret)
    expect(clean).toContain(`${before} [redacted:${secret.slice(0, 4)}] after`)
    expect(() => JSON.parse(clean)).not.toThrow()
  })

  it.each([
    'the task-list of sk-learn and a risk-assessment',
    'a3f5b8c1d2e4f6a7b8c9d0e1f2a3b4c5',
    '01M7YE03BQNCZEY11FKNJGP16R',
    'ask-01M7YE03BQNCZEY11FKNJGP16R',
    'task-550e8400-e29b-41d4-a716-446655440000 of my_subtask-550e8400-e29b-41d4',
    'a disk-usage-by-folder-and-owner, desk-0123456789012345678901',
    'https://example.com/a/very/long/path?with=query&and=more',
    'Bearer of good news',
  ])('leaves ordinary text alone: %s', (text) => {
    expect(redactSecrets(text)).toBe(text)
  })

  it.each(['\n', '\u001b[32m', '%0a', '%3A', 'KEY=', 'key_', '0', 'b'])('takes a key out after %j, whatever it is escaped as', (before) => {
    const key = `sk-${'a1B2'.repeat(12)}`
    for (const text of [`${before}${key}`, JSON.stringify({ text: `${before}${key}` }), `\\u000a${key}`, `\\u001e${key}`])
      expect(redactSecrets(text)).not.toContain(key)
  })

  it('takes no longer on text made to confuse it', () => {
    const text = `${'-----BEGIN PRIVATE KEY-----'.repeat(2000)} ${'sk-'.repeat(20_000)} ${'eyJ'.repeat(20_000)} ${'ask-'.repeat(20_000)}`
    expect(redactSecrets(text).length).toBeGreaterThan(0)
  })
})
