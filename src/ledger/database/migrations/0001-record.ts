/**
 * The whole record of a decision (see docs/ledger.md). Tables are written in the order of `seq`, so that appends touch the
 * right edge of each b-tree and a replay is a plain scan.
 *
 * `call` holds what listings show and stays narrow; `decision` holds the blobs that only replays and explanations read.
 * Foreign keys are declared for readers and for `verify`; they are not enforced on write, since each costs a lookup.
 *
 * `decision.head` and `call.settled` repeat the columns that a replay needs in packed form, because reading thirty columns a row
 * costs ten times as much as reading one. The columns are the truth: whoever changes one makes the packed form NULL (triggers
 * below), and the replay then reads the columns.
 */
export const record = `
CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE counter(id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL);
INSERT INTO counter VALUES (1, 0);

-- Words that repeat (models, tasks, clients, ...) are stored once and referred to by number.
CREATE TABLE name(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
INSERT INTO name VALUES (1, 'running'), (2, 'ok'), (3, 'error'), (4, 'cancelled'), (5, 'interrupted');

CREATE TABLE run(
  n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, started_at INTEGER NOT NULL, ended_at INTEGER,
  app_version TEXT NOT NULL, engine INTEGER NOT NULL, node TEXT NOT NULL, pid INTEGER NOT NULL);
CREATE TABLE policy(n INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, json TEXT NOT NULL);
CREATE TABLE model_rev(n INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, json TEXT NOT NULL);

CREATE TABLE session(n INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);
CREATE TABLE prefix(
  id INTEGER PRIMARY KEY, parent INTEGER REFERENCES prefix(id), digest BLOB NOT NULL UNIQUE, ref_tokens INTEGER NOT NULL);

CREATE TABLE call(
  seq INTEGER PRIMARY KEY, seq_settled INTEGER, id TEXT NOT NULL UNIQUE, run INTEGER REFERENCES run(n),
  decided_at INTEGER NOT NULL, settled_at INTEGER, status INTEGER NOT NULL REFERENCES name(id),
  source INTEGER REFERENCES name(id), session INTEGER REFERENCES session(n), turn INTEGER NOT NULL, parent_call TEXT, retry_of TEXT,
  side_kind INTEGER REFERENCES name(id), client INTEGER NOT NULL REFERENCES name(id), key INTEGER REFERENCES name(id),
  tier INTEGER REFERENCES name(id), tags TEXT, mode INTEGER NOT NULL REFERENCES name(id),
  format INTEGER NOT NULL REFERENCES name(id), profile INTEGER NOT NULL REFERENCES name(id),
  requested_model INTEGER NOT NULL REFERENCES name(id), chosen INTEGER REFERENCES name(id),
  baseline INTEGER REFERENCES name(id), task INTEGER NOT NULL REFERENCES name(id),
  complexity INTEGER NOT NULL REFERENCES name(id), difficulty REAL NOT NULL, input_estimate INTEGER NOT NULL,
  stream INTEGER NOT NULL, rule INTEGER REFERENCES name(id), reason TEXT NOT NULL,
  model INTEGER REFERENCES name(id), attempts INTEGER NOT NULL DEFAULT 0,
  input_tokens INTEGER, cache_read_tokens INTEGER, cache_write_tokens INTEGER, output_tokens INTEGER, reasoning_tokens INTEGER,
  cost_nano INTEGER, baseline_cost_nano INTEGER, shadow_cost_nano INTEGER,
  ttft_ms REAL, latency_ms REAL, http_status INTEGER, error TEXT,
  settled BLOB DEFAULT x'00');
CREATE INDEX call_time ON call(decided_at);
CREATE INDEX call_session ON call(session, decided_at) WHERE session IS NOT NULL;
-- Nearly every call ends well: those that did not, or still run, are few enough to be found by themselves.
CREATE INDEX call_unusual ON call(status, decided_at) WHERE status <> 2;

CREATE TABLE decision(
  seq INTEGER PRIMARY KEY REFERENCES call(seq), tz_min INTEGER NOT NULL, policy INTEGER NOT NULL REFERENCES policy(n),
  classifier INTEGER NOT NULL REFERENCES name(id), prefix_leaf INTEGER REFERENCES prefix(id), breakpoints TEXT,
  limit_tokens INTEGER, reservations TEXT, state_hash BLOB NOT NULL, signals BLOB NOT NULL, input BLOB NOT NULL, plan BLOB NOT NULL, head BLOB);

CREATE TABLE attempt(
  call INTEGER NOT NULL REFERENCES call(seq), n INTEGER NOT NULL,
  purpose INTEGER NOT NULL REFERENCES name(id), model INTEGER NOT NULL REFERENCES name(id),
  model_rev INTEGER NOT NULL REFERENCES model_rev(n), t0 REAL NOT NULL, sent_ms REAL, first_byte_ms REAL, end_ms REAL,
  outcome INTEGER NOT NULL REFERENCES name(id), status INTEGER, error_code TEXT, retry_after_ms REAL,
  input_tokens INTEGER, cache_read_tokens INTEGER, cache_write_5m_tokens INTEGER, cache_write_1h_tokens INTEGER,
  output_tokens INTEGER, reasoning_tokens INTEGER, usage_source INTEGER NOT NULL REFERENCES name(id),
  cost_nano INTEGER, billed INTEGER NOT NULL REFERENCES name(id), splices TEXT, losses TEXT,
  PRIMARY KEY (call, n)) WITHOUT ROWID;

CREATE TABLE outcome(
  seq INTEGER PRIMARY KEY, call INTEGER NOT NULL REFERENCES call(seq), kind INTEGER NOT NULL REFERENCES name(id),
  value REAL, note TEXT, at INTEGER NOT NULL);
CREATE INDEX outcome_call ON outcome(call);

-- Bodies: each message once, many messages compressed together in a pack.
CREATE TABLE pack(id INTEGER PRIMARY KEY, at INTEGER NOT NULL, raw_bytes INTEGER NOT NULL, data BLOB NOT NULL);
CREATE TABLE message(
  id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, pack INTEGER NOT NULL REFERENCES pack(id),
  start INTEGER NOT NULL, bytes INTEGER NOT NULL, used_day INTEGER NOT NULL);
CREATE INDEX message_pack ON message(pack);
CREATE TABLE body(call INTEGER PRIMARY KEY REFERENCES call(seq), messages BLOB NOT NULL, reply INTEGER REFERENCES message(id));

-- Money set aside for calls in flight, and what each scope has spent.
CREATE TABLE budget(scope TEXT PRIMARY KEY, spent INTEGER NOT NULL, reserved INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE reservation(call INTEGER NOT NULL REFERENCES call(seq), scope TEXT NOT NULL, amount INTEGER NOT NULL,
  PRIMARY KEY (call, scope)) WITHOUT ROWID;

-- Sums per hour (UTC) of what listings and reports show, kept up to date by the transaction that settles a call.
CREATE TABLE rollup(
  hour INTEGER NOT NULL, source INTEGER NOT NULL, model INTEGER NOT NULL, task INTEGER NOT NULL, complexity INTEGER NOT NULL,
  profile INTEGER NOT NULL, rule INTEGER NOT NULL, client INTEGER NOT NULL, key INTEGER NOT NULL,
  calls INTEGER NOT NULL, ok INTEGER NOT NULL, errors INTEGER NOT NULL, cancelled INTEGER NOT NULL, interrupted INTEGER NOT NULL,
  attempts INTEGER NOT NULL, failovers INTEGER NOT NULL, unpriced INTEGER NOT NULL,
  cost_nano INTEGER NOT NULL, shadow_cost_nano INTEGER NOT NULL, compared INTEGER NOT NULL, compared_cost_nano INTEGER NOT NULL,
  baseline_cost_nano INTEGER NOT NULL, input_tokens INTEGER NOT NULL, cache_read_tokens INTEGER NOT NULL,
  cache_write_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL, reasoning_tokens INTEGER NOT NULL,
  latency_ms REAL NOT NULL, ttft_ms REAL NOT NULL, ttft_calls INTEGER NOT NULL,
  PRIMARY KEY (hour, source, model, task, complexity, profile, rule, client, key)) WITHOUT ROWID;
-- Latencies per hour and model in buckets of 5%: bucket b covers 1.05^b to 1.05^(b+1) ms.
CREATE TABLE latency(
  hour INTEGER NOT NULL, model INTEGER NOT NULL, metric INTEGER NOT NULL, bucket INTEGER NOT NULL, calls INTEGER NOT NULL,
  PRIMARY KEY (hour, model, metric, bucket)) WITHOUT ROWID;

-- State that folding all events before seq gives; written by prune, so that a replay can start there.
CREATE TABLE checkpoint(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, engine INTEGER NOT NULL, state BLOB NOT NULL);

CREATE TRIGGER call_changed AFTER UPDATE ON call WHEN new.settled IS old.settled AND old.settled IS NOT NULL BEGIN
  UPDATE call SET settled = NULL WHERE seq = new.seq;
  UPDATE decision SET head = NULL WHERE seq = new.seq;
END;
CREATE TRIGGER decision_changed AFTER UPDATE ON decision WHEN new.head IS old.head AND old.head IS NOT NULL BEGIN
  UPDATE decision SET head = NULL WHERE seq = new.seq;
END;
CREATE TRIGGER attempt_changed AFTER UPDATE ON attempt BEGIN
  UPDATE call SET settled = NULL WHERE seq = new.call AND settled <> x'00';
END;
CREATE TRIGGER attempt_deleted AFTER DELETE ON attempt BEGIN
  UPDATE call SET settled = NULL WHERE seq = old.call AND settled <> x'00';
END;
`
