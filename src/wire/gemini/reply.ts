import type { Choice, Reply } from '../../canonical/index.js'
import { Fault } from '../../kit/index.js'
import type { ReplyContext } from '../codec.js'
import { fromUpstream, isRecord, type Json, leftover, listOf, mayString, present, recordOf, recordsIn } from '../json.js'
import { replyCallIds } from './call-ids.js'
import { blockReason, readFinishReason, writeFinishReason } from './finish-reason.js'
import { readPart, writeParts } from './parts.js'
import { readUsageMetadata, writeUsage } from './usage.js'

const KNOWN = new Set(['responseId', 'modelVersion', 'candidates', 'usageMetadata', 'promptFeedback'])

/** A blocked prompt is an answer without words. */
export function isReply(body: unknown): body is Json {
  return isRecord(body) && (Array.isArray(body.candidates) || isRecord(body.promptFeedback))
}

/** A complete answer. */
export function readReply(body: unknown): Reply {
  if (!isReply(body)) {
    throw new Fault('E_UPSTREAM', 'The provider answered with a body that has no candidates.', {
      hint: 'Check its wire format and base URL.',
    })
  }
  return fromUpstream(() => readAnswer(body))
}

function readAnswer(body: Json): Reply {
  const id = mayString(body.responseId, 'responseId')
  const candidates = recordsIn(body.candidates)
  const ids = replyCallIds(id)
  const choices = candidates.map((candidate) => readCandidate(candidate, ids))
  return {
    choices: choices.length > 0 ? choices : [{ parts: [], finish: 'content-filter', ...present({ rawFinish: blockReason(body) }) }],
    usage: readUsageMetadata(body.usageMetadata),
    ...present({ id, model: mayString(body.modelVersion, 'modelVersion'), extra: leftover(body, KNOWN) }),
  }
}

function readCandidate(candidate: Json, ids: ReturnType<typeof replyCallIds>): Choice {
  const content = recordOf(candidate.content)
  const raw = mayString(candidate.finishReason, 'finishReason')
  const parts = recordsIn(content.parts).map((part, i) => readPart(part, `parts.${i}`, ids))
  const hasCalls = parts.some((part) => part.type === 'tool-call')
  const finish = raw === undefined ? 'other' : readFinishReason(raw, hasCalls)
  return { parts, finish, ...present({ rawFinish: raw, logprobs: readLogprobs(candidate.logprobsResult) }) }
}

export function writeReply(reply: Reply, context: ReplyContext): Json {
  return {
    candidates: reply.choices.map((choice, index) => ({
      // Redacted reasoning has no form here: sent as a thought it would be an unsigned one.
      content: { parts: writeParts(choice.parts.filter((part) => part.type !== 'reasoning' || !part.redacted)), role: 'model' },
      finishReason: writeFinishReason(choice.finish, choice.rawFinish),
      index,
      ...present({ logprobsResult: choice.logprobs === undefined ? undefined : writeLogprobs(choice.logprobs) }),
    })),
    ...present({ usageMetadata: writeUsage(reply.usage) }),
    modelVersion: context.model,
    responseId: context.id,
  }
}

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
