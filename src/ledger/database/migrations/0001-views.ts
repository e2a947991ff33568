/** Readable forms of the tables for people who query the file themselves: words for numbers, USD, ISO 8601 times. */
export const views = `
CREATE VIEW calls AS SELECT
  c.id, c.seq, strftime('%Y-%m-%dT%H:%M:%fZ', c.decided_at / 1000.0, 'unixepoch') AS started_at, st.text AS status,
  cl.text AS client, se.key AS session, c.turn, p.text AS profile, rm.text AS requested_model, ch.text AS chosen, m.text AS model,
  t.text AS task, cx.text AS complexity, c.difficulty, c.stream, c.attempts, c.input_tokens, c.cache_read_tokens,
  c.cache_write_tokens, c.output_tokens, c.reasoning_tokens, c.cost_nano / 1e9 AS cost_usd,
  c.baseline_cost_nano / 1e9 AS baseline_cost_usd, b.text AS baseline, c.ttft_ms, c.latency_ms, r.text AS rule, c.reason,
  k.text AS key, ti.text AS tier, c.tags, src.text AS source, c.error
FROM call c
  JOIN name st ON st.id = c.status JOIN name cl ON cl.id = c.client JOIN name p ON p.id = c.profile
  JOIN name rm ON rm.id = c.requested_model JOIN name t ON t.id = c.task JOIN name cx ON cx.id = c.complexity
  LEFT JOIN name ch ON ch.id = c.chosen LEFT JOIN name m ON m.id = c.model LEFT JOIN name b ON b.id = c.baseline
  LEFT JOIN name r ON r.id = c.rule LEFT JOIN name k ON k.id = c.key LEFT JOIN name ti ON ti.id = c.tier
  LEFT JOIN name src ON src.id = c.source LEFT JOIN session se ON se.n = c.session;

CREATE VIEW attempts AS SELECT
  c.id AS call, a.n, pu.text AS purpose, m.text AS model, o.text AS outcome, a.status, a.error_code,
  strftime('%Y-%m-%dT%H:%M:%fZ', a.t0 / 1000.0, 'unixepoch') AS started_at, a.sent_ms, a.first_byte_ms, a.end_ms,
  a.input_tokens, a.cache_read_tokens, a.cache_write_5m_tokens, a.cache_write_1h_tokens, a.output_tokens, a.reasoning_tokens,
  us.text AS usage_source, a.cost_nano / 1e9 AS cost_usd, bi.text AS billed, a.splices, a.losses, rev.hash AS model_rev
FROM attempt a
  JOIN call c ON c.seq = a.call JOIN name pu ON pu.id = a.purpose JOIN name m ON m.id = a.model
  JOIN name o ON o.id = a.outcome JOIN name us ON us.id = a.usage_source JOIN name bi ON bi.id = a.billed
  JOIN model_rev rev ON rev.n = a.model_rev;

CREATE VIEW outcomes AS SELECT
  c.id AS call, o.seq, k.text AS kind, o.value, o.note, strftime('%Y-%m-%dT%H:%M:%fZ', o.at / 1000.0, 'unixepoch') AS at
FROM outcome o JOIN call c ON c.seq = o.call JOIN name k ON k.id = o.kind;

CREATE VIEW hourly AS SELECT
  strftime('%Y-%m-%dT%H:00:00Z', r.hour * 3600, 'unixepoch') AS hour, src.text AS source, m.text AS model, t.text AS task,
  cx.text AS complexity, p.text AS profile, ru.text AS rule, cl.text AS client, k.text AS key,
  r.calls, r.ok, r.errors, r.cancelled, r.interrupted, r.attempts, r.failovers, r.unpriced, r.cost_nano / 1e9 AS cost_usd,
  r.compared, (r.baseline_cost_nano - r.compared_cost_nano) / 1e9 AS savings_usd,
  r.input_tokens, r.cache_read_tokens, r.cache_write_tokens, r.output_tokens, r.reasoning_tokens
FROM rollup r
  LEFT JOIN name src ON src.id = r.source LEFT JOIN name m ON m.id = r.model LEFT JOIN name t ON t.id = r.task
  LEFT JOIN name cx ON cx.id = r.complexity LEFT JOIN name p ON p.id = r.profile LEFT JOIN name ru ON ru.id = r.rule
  LEFT JOIN name cl ON cl.id = r.client LEFT JOIN name k ON k.id = r.key;
`
