import { record } from './0001-record.js'
import { views } from './0001-views.js'
import { embedding } from './0002-embedding.js'
import { batch } from './0003-batch.js'
import { asked } from './0004-asked.js'

/**
 * Numbered by position, from 1; `PRAGMA user_version` is the number of the last one applied. A released migration is never changed; changes
 * go into a new one at the end.
 */
export const migrations: readonly string[] = [record + views, embedding, batch, asked]
