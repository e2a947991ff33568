import { execFile } from 'node:child_process'
import type { RunCommand } from '../../setup/index.js'

const PATIENCE_MS = 60_000

export const runProgram: RunCommand = ([program, ...args]) =>
  new Promise((resolve) => {
    execFile(program, args, { timeout: PATIENCE_MS, windowsHide: true }, (error, stdout, stderr) => {
      if (error === null) return resolve(null)
      const said = `${stderr}${stdout}`.trim().split(/\r?\n/)[0]
      resolve((error as NodeJS.ErrnoException).code === 'ENOENT' ? `${program} is not installed` : said || error.message)
    })
  })
