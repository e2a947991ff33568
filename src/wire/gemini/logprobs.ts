import { isRecord, type Json } from '../json.js'

/** Neutrally, log probabilities are as OpenAI spells them: one entry a token, with its alternatives. */
export function readLogprobs(result: unknown): readonly unknown[] | undefined {
  if (!isRecord(result) || !Array.isArray(result.chosenCandidates)) return undefined
  const tops = Array.isArray(result.topCandidates) ? (result.topCandidates as readonly unknown[]) : []
  return result.chosenCandidates.map((chosen: unknown, i) => {
    const top = tops[i]
    const others: readonly unknown[] = isRecord(top) && Array.isArray(top.candidates) ? top.candidates : []
    return { ...entry(chosen), top_logprobs: others.map(entry) }
  })
}

function entry(candidate: unknown): { token: string; logprob: number; bytes: null } {
  const { token, logProbability }: Json = isRecord(candidate) ? candidate : {}
  return { token: typeof token === 'string' ? token : '', logprob: typeof logProbability === 'number' ? logProbability : 0, bytes: null }
}

export function writeLogprobs(content: readonly unknown[]): Json {
  const entries = content.filter(isRecord)
  return {
    chosenCandidates: entries.map(candidate),
    topCandidates: entries.map(({ top_logprobs }) => ({
      candidates: (Array.isArray(top_logprobs) ? top_logprobs : []).filter(isRecord).map(candidate),
    })),
  }
}

function candidate({ token, logprob }: Json): Json {
  return { token, logProbability: logprob }
}
