import { fingerprint } from './fingerprint.js'

/** +1 whenever the rules may judge some request otherwise. */
const RULES = 1

/** Names the rules and weights that judged a call. */
export const classifierHash: string = fingerprint([String(RULES)])
