-- 007_report.sql: how instructions ended, one row for all of a frame that follow each other and ended alike: to write a row for each of them, and
-- an entry of an index, took more of a daemon's time than anything else it does with short ones.
CREATE TABLE report (
  seq     INTEGER PRIMARY KEY,                   -- of the last of them; the others have the numbers before it
  boss    INTEGER NOT NULL,
  first   INTEGER NOT NULL,                      -- instructions first…last
  last    INTEGER NOT NULL CHECK (last >= first),
  attempt INTEGER NOT NULL,                      -- the one that ended each of them
  outcome TEXT NOT NULL,                         -- one character for outcome and cause, see boss/ending.ts
  lines   BLOB NOT NULL                          -- UTF-8: the report entries as clients read them, from "name": to the closing brace, a newline behind each
) STRICT;
CREATE UNIQUE INDEX report_of ON report (boss, last, first, outcome);
CREATE INDEX report_of_boss ON report (boss, seq);
CREATE TRIGGER report_once BEFORE INSERT ON report
  WHEN (SELECT r.first FROM report r WHERE r.boss = NEW.boss AND r.last >= NEW.first ORDER BY r.last LIMIT 1) <= NEW.last
  BEGIN SELECT RAISE(ABORT, 'an instruction has ended already'); END;

INSERT INTO report SELECT seq, boss, instruction, instruction, attempt, outcome, CAST(body || char(10) AS BLOB) FROM attempt ORDER BY seq;
DROP TABLE attempt;
