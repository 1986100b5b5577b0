-- 006_token.sql: who may come in. A token itself is in no table, only what it is recognised by.
CREATE TABLE token (
  id         INTEGER PRIMARY KEY,                -- random
  name       TEXT NOT NULL UNIQUE,
  role       TEXT NOT NULL CHECK (role IN ('read', 'submit', 'admin')),
  created_at INTEGER NOT NULL,                   -- ms since 1970
  expires_at INTEGER,                            -- NULL: never
  hash       TEXT NOT NULL UNIQUE                -- SHA-256 of the token, in hexadecimal
) STRICT;
