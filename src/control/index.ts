/**
 * How other programs of llmroute talk to a running daemon: the shapes of its own `/api`, the 0600 file that says where it listens, and a
 * client. It starts no daemon, never opens the ledger and never trusts a file alone: whoever answers must say it has the same ledger.
 */
export * from './client.js'
export * from './contract.js'
export * from './daemon-file.js'
