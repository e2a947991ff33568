import type { HistorySource, OpenReader } from '../types.js'
import { openClaudeCode } from './claude-code.js'
import { openCodex } from './codex.js'
import { openGeminiCli } from './gemini-cli.js'
import { openJsonl } from './jsonl.js'
import { openLitellm } from './litellm.js'
import { openOpenrouter } from './openrouter.js'
import { openPi } from './pi.js'
import { openQwen } from './qwen.js'

export const READERS: Readonly<Record<HistorySource, OpenReader>> = {
  'claude-code': openClaudeCode,
  codex: openCodex,
  'gemini-cli': openGeminiCli,
  qwen: openQwen,
  pi: openPi,
  litellm: openLitellm,
  openrouter: openOpenrouter,
  jsonl: openJsonl,
}
