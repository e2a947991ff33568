/** Batch jobs: their requests, the state of each line, what was sent to a provider's batch API, and uploaded files. */
export const batch = `
CREATE TABLE batch_job(
  id TEXT PRIMARY KEY, created_at INTEGER NOT NULL, deadline_at INTEGER NOT NULL, total INTEGER NOT NULL,
  -- JSON of the room that owns it: whose key, which profile, how it was asked for.
  terms TEXT NOT NULL,
  cancelled_at INTEGER, ended_at INTEGER);
CREATE INDEX batch_job_open ON batch_job(created_at) WHERE ended_at IS NULL;

-- state: 0 waiting (not decided), 1 ready (decided), 2 sent (in a batch of a provider), 3 ok, 4 failed, 5 expired, 6 cancelled
CREATE TABLE batch_line(
  job TEXT NOT NULL REFERENCES batch_job(id), n INTEGER NOT NULL,
  -- The line's one call, named when the job is taken in: whatever happens to the process, a line is recorded once.
  call TEXT NOT NULL UNIQUE,
  -- JSON of the room that owns it; the request is emptied when the line has ended.
  spec TEXT NOT NULL, request BLOB NOT NULL,
  state INTEGER NOT NULL, chain TEXT, step INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0, live INTEGER NOT NULL DEFAULT 0,
  sent TEXT, answer BLOB, status INTEGER, model TEXT, cost_nano INTEGER,
  PRIMARY KEY(job, n)) WITHOUT ROWID;
CREATE INDEX batch_line_state ON batch_line(job, state, n);
CREATE INDEX batch_line_sent ON batch_line(sent) WHERE sent IS NOT NULL;

-- asked_at: set before the provider is asked to make it, so that one whose answer was lost is looked for and not made again.
CREATE TABLE batch_sent(
  id TEXT PRIMARY KEY, job TEXT NOT NULL REFERENCES batch_job(id), model TEXT NOT NULL, format TEXT NOT NULL, lines INTEGER NOT NULL,
  made_at INTEGER NOT NULL, asked_at INTEGER, tries INTEGER NOT NULL DEFAULT 0, remote TEXT, not_ours TEXT NOT NULL DEFAULT '[]',
  cancelled_at INTEGER, ended_at INTEGER);
CREATE INDEX batch_sent_open ON batch_sent(job) WHERE ended_at IS NULL;

CREATE TABLE batch_file(id TEXT PRIMARY KEY, created_at INTEGER NOT NULL, key TEXT, name TEXT NOT NULL, purpose TEXT NOT NULL, content BLOB NOT NULL);
`
