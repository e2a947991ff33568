import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Runs `use` with a new folder that is gone afterwards. */
export async function withScratchFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), 'llmroute-bench-'))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** An environment in which the program sees neither the user's settings nor their keys. */
export function bareEnvironment(folder) {
  const { PATH, SystemRoot, TEMP, TMPDIR } = process.env
  const homes = { HOME: folder, USERPROFILE: folder, APPDATA: folder, LOCALAPPDATA: folder }
  const xdg = { XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder, XDG_STATE_HOME: folder, XDG_CACHE_HOME: folder }
  const known = Object.entries({ PATH, SystemRoot, TEMP, TMPDIR }).filter(([, value]) => value !== undefined)
  return { ...Object.fromEntries(known), ...homes, ...xdg, NO_COLOR: '1' }
}
