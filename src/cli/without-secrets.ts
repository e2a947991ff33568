/** Names under which a configuration holds credentials. */
const SECRET = /^(apiKey|key|token)$/

/** The value with every literal credential replaced; a reference such as `env:NAME` is no secret and says where to look. */
export function withoutSecrets(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return (SECRET.test(name) && !value.startsWith('env:')) || name === 'headers' ? 'hidden' : value
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner, name === 'headers' ? 'headers' : key)]))
}
