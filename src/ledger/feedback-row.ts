import type { OutcomeRow } from './types.js'

/** A user's verdict on a call, and why. */
export interface Feedback {
  readonly call: string
  readonly verdict: 'good' | 'bad'
  readonly note?: string | undefined
}

/** Feedback as an outcome of its call: 1 is good, 0 is bad. */
export function feedbackRow({ call, verdict, note }: Feedback, atMs: number): OutcomeRow {
  return { call, kind: 'feedback', value: verdict === 'good' ? 1 : 0, atMs, ...(note === undefined ? {} : { note }) }
}
