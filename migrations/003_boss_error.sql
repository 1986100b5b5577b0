-- 003_boss_error.sql: why a Boss itself failed, such as its custom scheduler.
ALTER TABLE boss ADD COLUMN error TEXT CHECK (json_valid(error)); -- {"type", "message"}; NULL when it did not
