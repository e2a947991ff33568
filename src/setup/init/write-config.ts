import { existsSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../../kit/index.js'
import { replaceFile } from '../connect/client-file.js'

const NAME = 'router.config.ts'
const ANY = /^router\.config\.(?:[mc]?[tj]s|json|ya?ml)$/

/** Throws E_CONFLICT when the folder has a configuration already and `force` is not given. */
export function checkNoConfig(folder: string, force: boolean): void {
  const found = existsSync(folder) ? readdirSync(folder).find((name) => ANY.test(name)) : undefined
  if (found === undefined || force) return
  throw new Fault('E_CONFLICT', `${join(folder, found)} is there already.`, {
    hint: 'Give --force to replace it (the old one is kept), or --dir for another folder.',
  })
}

/** Writes router.config.ts. An earlier configuration, whatever its ending, is kept beside it: two would hide each other. */
export function writeConfig(folder: string, text: string) {
  const earlier = existsSync(folder) ? readdirSync(folder).filter((name) => ANY.test(name)) : []
  for (const name of earlier) renameSync(join(folder, name), join(folder, `${name}.bak`))
  const path = join(folder, NAME)
  replaceFile(path, Buffer.from(text, 'utf8'), 0o644)
  /** Kept: where the earlier file went; null when there was none. */
  return { path, kept: earlier[0] === undefined ? null : join(folder, `${earlier[0]}.bak`) }
}
