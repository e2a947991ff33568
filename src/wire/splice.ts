import type { JsonPath, Splice } from './codec.js'

/** Another value at a place in the body. `matters` as in Loss. */
export function setAt(path: JsonPath, value: unknown, why: string, matters?: true): Splice {
  return { kind: 'set', field: path.join('.'), path, value, why, ...(matters && { matters }) }
}

/** Nothing at a place in the body. `matters` as in Loss. */
export function dropAt(path: JsonPath, why: string, matters?: true): Splice {
  return { kind: 'drop', field: path.join('.'), path, why, ...(matters && { matters }) }
}
