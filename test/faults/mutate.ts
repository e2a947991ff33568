/** Odd requests from good ones, the same for the same seed. */
export type Random = () => number

const ODD_VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1e308, 0.1, '', 'x', 'auto', [], {}, [[]], [null], { a: {} }],
  ...['\u0000', '\ud800', '🦄'.repeat(50), '__proto__', 'constructor', '../../etc/passwd', 'x\r\nset-cookie: a=b'],
  ...[
    { role: 'user' },
    { type: 'text' },
    { type: 'image_url', image_url: 'data:,' },
    { type: 'function' },
    [{ role: 'tool', content: 'x' }],
  ],
]
const ODD_KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '',
  'messages',
  'tools',
  'role',
  'content',
  'type',
  'model',
]

/** Changes one to four places of a JSON value: other values, other keys, things taken out or doubled. */
export function mutateJson(value: unknown, random: Random): unknown {
  let next = structuredClone(value)
  for (let n = 1 + Math.floor(random() * 4); n > 0; n--) next = change(next, random, 0)
  return next
}

function change(value: unknown, random: Random, depth: number): unknown {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  if (typeof value !== 'object' || value === null || depth > 8 || random() < 0.08) return pick(ODD_VALUES)
  if (Array.isArray(value)) {
    if (value.length === 0 || random() < 0.1) return [...value, pick(ODD_VALUES)]
    const at = Math.floor(random() * value.length)
    if (random() < 0.1) return value.filter((_, i) => i !== at)
    if (random() < 0.1) return [...value, ...value]
    return value.map((v, i) => (i === at ? change(v, random, depth + 1) : v))
  }
  const keys = Object.keys(value)
  const entries = Object.entries(value)
  if (keys.length === 0 || random() < 0.1) return Object.fromEntries([...entries, [pick(ODD_KEYS), pick(ODD_VALUES)]])
  const key = pick(keys)
  if (random() < 0.1) return Object.fromEntries(entries.filter(([k]) => k !== key))
  return Object.fromEntries(entries.map(([k, v]) => [k, k === key ? change(v, random, depth + 1) : v]))
}

/** Bytes that may be no JSON at all: cut, flipped, doubled, nested too deep, not UTF-8. */
export function mutateBytes(text: string, random: Random): Buffer {
  const bytes = Buffer.from(text)
  const at = Math.floor(random() * bytes.length)
  switch (Math.floor(random() * 6)) {
    case 0:
      return bytes.subarray(0, at)
    case 1:
      bytes[at] = Math.floor(random() * 256)
      return bytes
    case 2:
      return Buffer.concat([bytes, bytes.subarray(at)])
    case 3:
      return Buffer.from(`{"model":"auto","messages":${'['.repeat(5000)}`)
    case 4:
      return Buffer.from(text.replace('{', '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},'))
    default:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([0xff, 0xfe, 0x00]), bytes.subarray(at)])
  }
}
