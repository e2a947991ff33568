import { join } from 'node:path'
import type { Vendors } from '../../upstreams/strict/start-vendors.js'
import type { Agent } from './agents.js'
import type { Installed } from './install-agent.js'
import { runProgram } from './run-program.js'
import type { Serve } from './start-serve.js'

/** The prompt's words in «» are what the model has the shell run; only a shell makes the proof of them. */
const PROMPT = "Run «expr 41 '*' 271» in the shell and tell me what it printed."
const PROOF = '11111'

export interface Cell {
  /** Null: the tool's output came back in the agent's last words. */
  readonly problem: string | null
  readonly calls: number
  readonly ms: number
}

/** One tool round trip: the agent asks, runs what the model calls for, and says what came of it. */
export async function tryAgent(agent: Agent, { path }: Installed, serve: Serve, vendors: Vendors): Promise<Cell> {
  vendors.reset()
  const env = { ...serve.env, ...agent.env, NO_COLOR: '1' }
  const ran = await runProgram(path, agent.args(PROMPT), { cwd: join(serve.home, 'work'), env })
  const refused = vendors.posts.flatMap((post) => (post.refused === null ? [] : [post.refused]))
  const problem =
    refused.length > 0
      ? `the vendor refused: ${refused[0]}`
      : ran.code !== 0
        ? `exit ${ran.code}: ${(ran.stderr || ran.stdout).trim().slice(-300)}`
        : !vendors.posts.some((post) => post.raw.includes(PROOF))
          ? `the tool's output never reached the model: ${ran.stdout.trim().slice(-200)}`
          : ran.stdout.includes(PROOF)
            ? null
            : `the proof is not in its answer: ${ran.stdout.trim().slice(-200)}`
  return { problem, calls: vendors.posts.length, ms: ran.ms }
}
