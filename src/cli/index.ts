/** The command line: one file a command, each loaded only when it is run. It decides nothing itself and nothing imports it. */
export type { Io } from './io.js'
export { run } from './run.js'
