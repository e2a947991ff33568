import type { StopReason } from '../../canonical/index.js'
import { type Json, recordOf } from '../json.js'

/** Why a response ended, from its `status` and `incomplete_details`; `raw` is the provider's word for it. */
export function readStatus(response: Json, hasCalls: boolean): { reason: StopReason; raw: string } {
  const status = typeof response.status === 'string' ? response.status : 'completed'
  if (status === 'incomplete') {
    const details = recordOf(response.incomplete_details)
    const raw = typeof details.reason === 'string' ? details.reason : status
    return { reason: raw === 'max_output_tokens' ? 'length' : raw === 'content_filter' ? 'content-filter' : 'other', raw }
  }
  if (status === 'failed' || status === 'cancelled') return { reason: 'error', raw: status }
  return { reason: hasCalls ? 'tool-calls' : 'stop', raw: status }
}

/** Only a cut answer is `incomplete` here. */
export function writeStatus(reason: StopReason): { status: 'completed' | 'incomplete'; incomplete_details: Json | null } {
  switch (reason) {
    case 'length':
      return { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }
    case 'content-filter':
    case 'refusal':
      return { status: 'incomplete', incomplete_details: { reason: 'content_filter' } }
    default:
      return { status: 'completed', incomplete_details: null }
  }
}
