import { isRecord, type Json, listOf, recordOf, recordsIn } from '../json.js'

/** Neutrally, log probabilities are as OpenAI spells them: one entry a token, with its alternatives. */
export function readLogprobs(result: unknown): readonly unknown[] | undefined {
  if (!isRecord(result) || !Array.isArray(result.chosenCandidates)) return undefined
  const tops = listOf(result.topCandidates)
  return result.chosenCandidates.map((chosen: unknown, i) => {
    return { ...entry(chosen), top_logprobs: listOf(recordOf(tops[i]).candidates).map(entry) }
  })
}

function entry(candidate: unknown): { token: string; logprob: number; bytes: null } {
  const { token, logProbability } = recordOf(candidate)
  return { token: typeof token === 'string' ? token : '', logprob: typeof logProbability === 'number' ? logProbability : 0, bytes: null }
}

export function writeLogprobs(content: readonly unknown[]): Json {
  const entries = content.filter(isRecord)
  return {
    chosenCandidates: entries.map(candidate),
    topCandidates: entries.map(({ top_logprobs }) => ({ candidates: recordsIn(top_logprobs).map(candidate) })),
  }
}

function candidate({ token, logprob }: Json): Json {
  return { token, logProbability: logprob }
}
