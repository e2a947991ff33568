import { didYouMean } from '../../catalog/index.js'
import { Fault } from '../../kit/index.js'
import type { Client } from './client.js'
import { aider } from './clients/aider.js'
import { anthropicSdk } from './clients/anthropic-sdk.js'
import { claudeCode } from './clients/claude-code.js'
import { cline } from './clients/cline.js'
import { codex } from './clients/codex.js'
import { continueDev } from './clients/continue.js'
import { cursor } from './clients/cursor.js'
import { geminiCli } from './clients/gemini-cli.js'
import { langchain } from './clients/langchain.js'
import { openaiSdk } from './clients/openai-sdk.js'
import { openclaw } from './clients/openclaw.js'
import { opencode } from './clients/opencode.js'
import { windsurf } from './clients/windsurf.js'
import { zed } from './clients/zed.js'

/** Every client that `connect` knows, agents first. */
export const CLIENTS: readonly Client[] = [
  ...[claudeCode, codex, opencode, geminiCli, cline, continueDev, aider, openclaw],
  ...[cursor, windsurf, zed],
  ...[openaiSdk, anthropicSdk, langchain],
]

/** Throws E_USAGE naming the closest known names. */
export function clientNamed(name: string): Client {
  const found = CLIENTS.find((client) => client.id === name.toLowerCase())
  if (found !== undefined) return found
  const ids = CLIENTS.map((client) => client.id)
  throw new Fault('E_USAGE', `'${name}' is no client that connect knows.`, {
    hint: `${didYouMean(name, ids) ?? `Known: ${ids.join(', ')}.`} See \`llmroute connect --list\`.`,
  })
}
