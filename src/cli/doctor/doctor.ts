import type { ChalkInstance } from 'chalk'
import { Fault } from '../../kit/index.js'
import { examine, type Finding } from '../../setup/index.js'
import type { Cli } from '../cli.js'
import type { DoctorOptions } from '../commands/doctor.js'
import { paintFor } from '../paint.js'
import { print, printJson } from '../say.js'
import { findPatient } from './find-patient.js'

/** Checks everything and suggests fixes. Throws E_UNAVAILABLE at the end when something is broken. */
export async function doctor(cli: Cli, { live = false }: DoctorOptions): Promise<void> {
  const { patient, close } = await findPatient(cli, live)
  const { json } = cli.globals()
  const paint = paintFor(cli.io)
  const all: Finding[] = []
  try {
    for await (const findings of examine(patient)) {
      all.push(...findings)
      if (!json) for (const finding of findings) await print(cli, showFinding(finding, paint))
    }
  } finally {
    await close()
  }
  const errors = all.filter(({ severity }) => severity === 'error').length
  if (json) await printJson(cli, { ok: errors === 0, findings: all })
  else await print(cli, `\n${verdict(all, errors)}`)
  if (errors > 0)
    throw new Fault('E_UNAVAILABLE', errors === 1 ? 'One thing is broken.' : `${errors} things are broken.`, {
      hint: 'The findings above say how to fix each.',
    })
}

function showFinding({ check, severity, text, fix }: Finding, paint: ChalkInstance): string {
  const marks = { ok: paint.green('✓'), note: paint.blue('·'), warning: paint.yellow('!'), error: paint.red('✗') }
  const remedy = fix === null ? '' : `\n  ${' '.repeat(14)}${paint.dim('→')} ${fix}`
  return `${marks[severity]} ${paint.dim(check.padEnd(14))}${text}${remedy}`
}

function verdict(all: readonly Finding[], errors: number): string {
  const warnings = all.filter(({ severity }) => severity === 'warning').length
  if (errors > 0) return `${all.length} findings, ${errors} of them broken.`
  return warnings > 0 ? `Nothing is broken; ${warnings} ${warnings === 1 ? 'thing is' : 'things are'} worth a look.` : 'All is well.'
}
