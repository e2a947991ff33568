/** What is known of a line that was being sent live when its process died. */
export const asked = `
-- Set before the request goes out and cleared with what came of it: one that is still set when its process is gone may have been served, and billed.
ALTER TABLE batch_line ADD COLUMN asked_at INTEGER;
-- How often that has happened to the line.
ALTER TABLE batch_line ADD COLUMN interrupted INTEGER NOT NULL DEFAULT 0;
CREATE INDEX batch_line_asked ON batch_line(job, n) WHERE asked_at IS NOT NULL;
`
