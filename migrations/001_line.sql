-- 001_line.sql: what travels along the line. Running an instruction only inserts.

CREATE TABLE boss (
  id         INTEGER PRIMARY KEY,                -- never used again: the newest row is never swept, only marked
  name       TEXT,
  created_at INTEGER NOT NULL,                   -- ms since 1970, as all times here
  over_at    INTEGER,
  status     TEXT,                               -- the word it ended with; NULL while it lives, 'removed' when only the sweep is left to do
  halted     INTEGER NOT NULL,
  ending     INTEGER NOT NULL,
  stopping   TEXT,                                -- 'stop', 'now' or 'error' once nothing more starts
  settings   TEXT NOT NULL CHECK (json_valid(settings)),
  counts     TEXT CHECK (json_valid(counts))     -- written when it is over
) STRICT;
CREATE INDEX boss_by_name ON boss (name, id) WHERE name IS NOT NULL;
CREATE INDEX boss_alive ON boss (id) WHERE status IS NULL;

CREATE TABLE instruction (
  boss          INTEGER NOT NULL,
  id            INTEGER NOT NULL,                -- from 1 in each Boss
  kind          TEXT NOT NULL,
  name          TEXT,                            -- as the user gave it, expanded; NULL: <kind>-<id>
  priority      INTEGER NOT NULL,
  memory        REAL,                            -- MiB as the row gave it
  expected_time REAL,                            -- s as the row gave it
  cores         INTEGER NOT NULL,
  file_a        TEXT,
  file_b        TEXT,
  attributes    TEXT NOT NULL,                   -- resolved, one JSON object
  PRIMARY KEY (boss, id)
) STRICT, WITHOUT ROWID;

-- Rows of instruction count only when one of these covers them: it is the last thing that an upload commits. One that
-- goes on where another ends makes that one longer, so there are few.
CREATE TABLE append (
  boss  INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last  INTEGER NOT NULL,
  PRIMARY KEY (boss, first)
) STRICT, WITHOUT ROWID;

-- What a host said it began, unless its report came in the same turn.
CREATE TABLE started (
  boss        INTEGER NOT NULL,
  instruction INTEGER NOT NULL,
  attempt     INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  PRIMARY KEY (boss, instruction, attempt)
) STRICT, WITHOUT ROWID;

-- The attempt that ended an instruction.
CREATE TABLE attempt (
  boss        INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  instruction INTEGER NOT NULL,
  attempt     INTEGER NOT NULL,
  outcome     TEXT NOT NULL,                     -- one character for outcome and cause, see boss/report.ts
  body        TEXT NOT NULL,                     -- the report entry as clients read it, from "name": to its closing brace
  PRIMARY KEY (boss, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX attempt_of ON attempt (boss, instruction, outcome);

-- Attempts after which the instruction was tried again.
CREATE TABLE earlier (
  boss        INTEGER NOT NULL,
  instruction INTEGER NOT NULL,
  attempt     INTEGER NOT NULL,
  not_before  INTEGER,
  body        TEXT NOT NULL,
  PRIMARY KEY (boss, instruction, attempt)
) STRICT, WITHOUT ROWID;

-- The log for the feed. A row that covers n entries carries the seq of the last one.
CREATE TABLE fact (
  seq  INTEGER PRIMARY KEY,
  n    INTEGER NOT NULL,
  boss INTEGER NOT NULL,
  at   INTEGER NOT NULL,
  type TEXT NOT NULL,
  body TEXT NOT NULL                             -- members of the event beyond seq, at, boss and type; '' for reports
) STRICT;
CREATE INDEX fact_of_boss ON fact (boss, seq);
