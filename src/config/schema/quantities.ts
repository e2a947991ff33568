import { z } from 'zod'
import { LONGEST_TIMER_MS } from '../../kit/index.js'
import { durationMs } from '../../policy/duration.js'

const BYTES = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 } as const

/** `500KB`, `2GB` in bytes (powers of ten); null when it is none of these. */
function parseSize(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*(B|KB|MB|GB|TB)$/i.exec(text.trim())
  return match ? Math.round(Number(match[1]) * BYTES[match[2]!.toUpperCase() as keyof typeof BYTES]) : null
}

function quantity(parse: (text: string) => number | null, what: string, unit: string, example: string) {
  return z
    .union([z.number().nonnegative().meta({ title: unit }), z.string().meta({ title: `\`'${example}'\`` })])
    .transform((value, context) => {
      if (typeof value === 'number') return value
      const parsed = parse(value)
      if (parsed !== null) return parsed
      context.issues.push({ code: 'custom', input: value, message: `expected ${what}` })
      return z.NEVER
    })
}

/** Milliseconds, or text such as `30s`; milliseconds once read. */
export const duration = quantity(durationMs, "a duration such as '30s', '10m', '24h' or '90d'", 'milliseconds', '30s')
/** As `duration`, of something that is waited for by a timer. */
export const wait = duration.transform((ms) => Math.min(ms, LONGEST_TIMER_MS))
/** Bytes, or text such as `2GB`; bytes once read. */
export const size = quantity(parseSize, "a size such as '500MB' or '2GB'", 'bytes', '2GB')

/** A duration kept as text, where rules hand it on. */
export const durationText = z.string().refine((text) => durationMs(text) !== null, {
  error: "expected a duration such as '30m' or '24h'",
})

export const text = z.string().min(1)

export const share = z.number().min(0).max(1)

const PERIODS = ['hour', 'day', 'week', 'month', 'total'] as const

/** An amount of money over a period, as a budget is written: `'5/day'`, a plain number for `total`, or an object. */
export const budget = z
  .union([
    z.number().nonnegative().meta({ title: 'USD in total' }),
    z.string().meta({ title: "`'5/day'`" }),
    z.strictObject({ usd: z.number().nonnegative(), per: z.enum(PERIODS).default('total') }).meta({ title: '`{ usd, per }`' }),
  ])
  .transform((value, context): { usd: number; per: (typeof PERIODS)[number] } => {
    if (typeof value === 'number') return { usd: value, per: 'total' }
    if (typeof value === 'object') return value
    const match = /^\$?(\d+(?:\.\d+)?)\s*(?:\/\s*(hour|day|week|month|total))?$/.exec(value.trim())
    if (match) return { usd: Number(match[1]), per: (match[2] ?? 'total') as (typeof PERIODS)[number] }
    context.issues.push({ code: 'custom', input: value, message: "expected a budget such as '5/day', '20/month' or a number of USD" })
    return z.NEVER
  })
