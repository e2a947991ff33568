import type { JobTerms } from '../../batch/index.js'
import { DAY_MS, Fault, isRecord } from '../../kit/index.js'
import type { BatchJobRow } from '../../ledger/index.js'
import { durationMs } from '../../policy/index.js'
import { readTags } from '../../route/index.js'
import type { OwnAnswer } from '../own-answer.js'
import type { BatchRequest } from './answer-batches.js'

export function jsonLines(lines: Iterable<string>): OwnAnswer {
  return { status: 200, type: 'application/x-jsonlines', body: [...lines].join('') }
}

export function termsOf(job: BatchJobRow): JobTerms {
  return JSON.parse(job.terms) as JobTerms
}

/** Whether one API took the job in, for this key; without keys it is everybody's. */
function isShown(job: BatchJobRow, surface: JobTerms['surface'], { key }: BatchRequest): boolean {
  const terms = termsOf(job)
  return terms.surface === surface && isOf(terms.key?.name ?? null, key)
}

export function jobsOf(request: BatchRequest, surface: JobTerms['surface']): readonly BatchJobRow[] {
  return request.store.jobs().filter((job) => isShown(job, surface, request))
}

/** Throws E_NOT_FOUND, also for what belongs to another key. */
export function jobNamed(request: BatchRequest, surface: JobTerms['surface'], id: string): BatchJobRow {
  const job = request.store.job(id)
  if (job !== null && isShown(job, surface, request)) return job
  throw new Fault('E_NOT_FOUND', `there is no batch ${id.slice(0, 100)}`, { final: true })
}

/** A local key sees its own jobs; the machine's owner sees all. */
export function isOf(owner: string | null, key: BatchRequest['key']): boolean {
  return key === null || owner === key.name
}

/** Header values that apply to all lines. */
export function termsFrom({ headers, key }: BatchRequest): Pick<JobTerms, 'profile' | 'key' | 'tags' | 'client' | 'expired'> {
  const text = (name: string): string | null => (typeof headers[name] === 'string' ? headers[name] : null)
  return {
    profile: text('x-llmroute-profile'),
    key,
    tags: readTags(text('x-llmroute-tags') ?? undefined),
    client: text('user-agent') ?? '',
    expired: null,
  }
}

/** The header's deadline, else the API's own window, else the profile's, else a day. */
export function deadlineFor(request: BatchRequest, profile: string | null, window: string | null = null): number {
  const named = request.headers['x-llmroute-deadline'] ?? window
  if (typeof named !== 'string') return request.deadlineOf(profile) ?? DAY_MS
  const ms = durationMs(named)
  if (ms === null) throw new Fault('E_BAD_REQUEST', `"${named.slice(0, 40)}" is not a duration`, { hint: 'Write it as 24h.', final: true })
  return ms
}

/** Whether each result states its call and cost. */
export function wantsNote({ headers }: BatchRequest): boolean {
  return String(headers['x-llmroute-include'] ?? '').includes('metadata')
}

/** One page of a list as both vendors show it, newest first, after the id that the query names under `cursor`. */
export function pageOf<T extends { readonly id: string }, S extends { readonly id: string }>(
  items: readonly T[],
  show: (item: T) => S,
  query: URLSearchParams,
  cursor: 'after' | 'after_id' = 'after',
) {
  const after = query.get(cursor)
  const from = after === null ? 0 : items.findIndex((item) => item.id === after) + 1
  const end = from + Math.min(1000, Math.max(1, Number(query.get('limit') ?? 20) || 20))
  const data = items.slice(from, end).map(show)
  return { data, has_more: end < items.length, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null }
}

export async function bodyOf(request: BatchRequest): Promise<Readonly<Record<string, unknown>>> {
  try {
    const value: unknown = JSON.parse((await request.body()).toString('utf8'))
    if (isRecord(value)) return value
  } catch (cause) {
    if (cause instanceof Fault) throw cause
  }
  throw new Fault('E_BAD_REQUEST', 'the request body must be a JSON object', { final: true })
}

export function noSuch({ method, rest }: BatchRequest): Fault {
  return new Fault('E_NOT_FOUND', `the batch API has no ${method} ${rest.join('/').slice(0, 100)}`, { final: true })
}
