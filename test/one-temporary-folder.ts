import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** All that a run of the tests writes to the temporary folder goes into one of its own, which is removed at the end: killed programs clean up nothing. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'llmroute-tests-'))
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
