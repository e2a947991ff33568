import type { Reading } from './residuals.js'

const OTHERWISE = 3

/**
 * How what was learned is read. Single answers to like requests differ by about half their length, models between tasks by about a tenth beyond
 * what they differ by in all, so that what a model wrote for one task weighs little against what it wrote for all: one long answer would else
 * make it seem wordy for as long as it is not asked again.
 */
export const READING = {
  ttft: { of: 'log-ratio', strength: OTHERWISE },
  pace: { of: 'log-ratio', strength: OTHERWISE },
  tokenizer: { of: 'amount', strength: OTHERWISE },
  taskOutput: { of: 'amount', strength: OTHERWISE },
  modelOutput: { of: 'amount', strength: 20 },
} as const satisfies Readonly<Record<string, Reading>>
