/** Vectors of texts from an embedding model, so that no text is paid for twice. The text itself is not stored, only a keyed digest. */
export const embedding = `
CREATE TABLE embedding(
  model TEXT NOT NULL, digest TEXT NOT NULL, vector BLOB NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (model, digest)) WITHOUT ROWID;
`
