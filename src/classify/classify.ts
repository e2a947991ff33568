import type { Request } from '../canonical/index.js'
import { difficultyLogit, sigmoid } from './difficulty.js'
import { readEnvelope, readTools } from './envelope.js'
import { judgedText } from './judged-text.js'
import { detectLanguage } from './language.js'
import { needs } from './needs.js'
import { matchPatterns } from './patterns.js'
import { shapePrior } from './shape-prior.js'
import { sideKind } from './side-call.js'
import { detectTask } from './task.js'
import { messageTokens, toolTokens } from './tokens.js'
import { readTrajectory } from './trajectory.js'
import { readTurn } from './turn.js'
import type { Complexity, Signals, Trajectory } from './types.js'

export interface ClassifyOptions {
  /** Prompt patterns of the configured rules; each is tried on what the person typed. */
  readonly regex?: readonly string[]
}

/** Signals of a request, judged on this turn only. Pure: equal requests give equal signals. */
export function classify(request: Request, options: ClassifyOptions = {}): Signals {
  const turn = readTurn(request)
  const low = judgedText(turn.text).toLowerCase().trim()
  const side = sideKind(request, turn.text)
  const trajectory = readTrajectory(request, turn)
  const z = (side === null ? shapePrior(low) : -2) + strain(trajectory)
  const p = Math.round(sigmoid(z) * 1e6) / 1e6
  return {
    task:
      side === null
        ? detectTask(request, low)
        : side === 'title' || side === 'commit-message'
          ? 'writing'
          : side === 'quota-probe'
            ? 'chat'
            : 'summarization',
    complexity: complexityOf(p),
    difficulty: { p, logit: difficultyLogit(p), sd: 1 },
    gain: p,
    confidence: 0.3,
    needs: needs(request),
    language: detectLanguage(turn.text),
    sideKind: side,
    tools: readTools(request),
    trajectory,
    inputTokens: inputTokens(request),
    envelope: readEnvelope(request),
    regex: matchPatterns(options.regex ?? [], turn.text),
    remote: null,
  }
}

/** How much the session's course raises the difficulty, logits: evidence of failure counts, mere length does not. */
function strain(t: Trajectory): number {
  let z = 0.35 * Math.min(t.failedChecks, 4) + 0.2 * Math.min(t.toolErrors, 4)
  z += 0.4 * Math.min(Math.max(t.repeatedCalls - 1, 0), 3) + 0.25 * Math.min(Math.max(t.sameFileEdits - 2, 0), 3)
  if (t.userCorrection) z += 0.5
  if (t.userRepeat) z += 0.5
  if (t.checkRecovered) z -= 0.5
  return z
}

function complexityOf(p: number): Complexity {
  return p < 0.36 ? 'simple' : p < 0.6 ? 'medium' : 'complex'
}

function inputTokens(request: Request): number {
  let sum = 3
  for (const message of request.messages) sum += messageTokens(message)
  for (const tool of request.tools) sum += toolTokens(tool)
  return sum
}
