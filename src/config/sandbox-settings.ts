import { SANDBOX_SPEED } from '../catalog/index.js'
import type { Config } from './schema/config.js'

export interface SandboxSettings {
  readonly enabled: boolean | 'when-no-keys'
  /** Times real speed. */
  readonly speed: number
  readonly seed: number
  /** Share of attempts that fail on purpose. */
  readonly errorRate: number
}

/** The sandbox settings in one form. An object without `enabled` means "when there is no key": settings alone never replace real models. */
export function sandboxSettings(config: Config): SandboxSettings {
  const { sandbox } = config
  return typeof sandbox === 'object' ? sandbox : { enabled: sandbox, speed: SANDBOX_SPEED, seed: 1, errorRate: 0 }
}
