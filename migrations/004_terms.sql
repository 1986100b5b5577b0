-- 004_terms.sql: what an instruction may cost and how often it is tried, what was cancelled, what was given again.
ALTER TABLE instruction ADD COLUMN terms TEXT;   -- JSON as boss/terms.ts writes it; NULL when none was given

-- A cancel that was acknowledged while the instruction was with a worker: whatever happens, it is not run again.
CREATE TABLE cancel (
  boss        INTEGER NOT NULL,
  instruction INTEGER NOT NULL,
  at          INTEGER NOT NULL,                  -- ms since 1970
  reason      TEXT NOT NULL,
  PRIMARY KEY (boss, instruction)
) STRICT, WITHOUT ROWID;

-- Which instruction is a new go at which one that failed.
CREATE TABLE retry (
  boss        INTEGER NOT NULL,
  instruction INTEGER NOT NULL,
  of_boss     INTEGER NOT NULL,
  of          INTEGER NOT NULL,
  PRIMARY KEY (boss, instruction)
) STRICT, WITHOUT ROWID;
CREATE INDEX retry_of ON retry (of_boss, of);
