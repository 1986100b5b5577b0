-- 005_answered.sql: answers to POSTs with an Idempotency-Key, written with what they did.
CREATE TABLE answered (
  key         TEXT PRIMARY KEY,
  at          INTEGER NOT NULL,                  -- ms since 1970
  fingerprint TEXT NOT NULL,                     -- SHA-256 of method, address and body
  status      INTEGER,                           -- of HTTP; NULL: the route's own when something was done
  answer      TEXT NOT NULL                      -- JSON
) STRICT, WITHOUT ROWID;
CREATE INDEX answered_at ON answered (at);
