import type { CacheMark, Extra } from '../../canonical/index.js'
import { isRecord, type Json } from '../json.js'

const FIVE_MINUTES: CacheMark = { ttl: '5m' }
const ONE_HOUR: CacheMark = { ttl: '1h' }

/** The breakpoint that a block, a tool or a system block carries. */
export function readCache(value: Json): CacheMark | undefined {
  const raw = value.cache_control
  if (!isRecord(raw)) return undefined
  return raw.ttl === '1h' ? ONE_HOUR : FIVE_MINUTES
}

/** True when `cache_control` says more than the mark does (an explicit `5m`, an unknown field), so that it is kept completely. */
export function cacheNeedsExtra(value: Json): boolean {
  const raw = value.cache_control
  if (raw === undefined) return false
  if (!isRecord(raw)) return true
  const keys = Object.keys(raw).length
  return raw.type !== 'ephemeral' || (keys === 2 ? raw.ttl !== '1h' : keys !== 1)
}

/** The `cache_control` of a mark: as the client spelled it, if it came in this format. */
export function writeCache(mark: CacheMark | undefined, extra?: Extra): Json | undefined {
  if (mark === undefined) return undefined
  const kept = extra?.cache_control
  if (isRecord(kept)) return kept
  return mark.ttl === '1h' ? { type: 'ephemeral', ttl: '1h' } : { type: 'ephemeral' }
}
