/**
 * How other programs of llmroute talk to a running daemon: the shapes of its `/api`, the 0600 file with its address, and a client. It
 * starts no daemon, never opens the ledger and never trusts the file alone: the daemon must confirm that it has the same ledger.
 */
export * from './client.js'
export * from './contract.js'
export * from './daemon-file.js'
