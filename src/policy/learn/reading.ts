import type { Reading } from './residuals.js'

const OTHERWISE = 3

/**
 * How learned values are read. Single answers to similar requests differ by about half their length, models between tasks by about a tenth
 * beyond their overall difference. So a model's answers for one task weigh little against all its answers: otherwise one long answer would
 * make it look verbose for as long as it is not asked again.
 */
export const READING = {
  ttft: { of: 'log-ratio', strength: OTHERWISE },
  pace: { of: 'log-ratio', strength: OTHERWISE },
  tokenizer: { of: 'amount', strength: OTHERWISE },
  taskOutput: { of: 'amount', strength: OTHERWISE },
  modelOutput: { of: 'amount', strength: 20 },
} as const satisfies Readonly<Record<string, Reading>>
