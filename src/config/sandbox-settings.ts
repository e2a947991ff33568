import { SANDBOX_SPEED } from '../catalog/index.js'
import type { Config } from './schema/config.js'

/** The sandbox settings in one form. An object without `enabled` means "when there is no key": settings alone never replace real models. */
export function sandboxSettings(config: Config): Extract<Config['sandbox'], object> {
  const { sandbox } = config
  return typeof sandbox === 'object' ? sandbox : { enabled: sandbox, speed: SANDBOX_SPEED, seed: 1, errorRate: 0 }
}
