-- 002_array.sql: the shared arrays of each Boss. Their elements are files in /dev/shm and no concern of the database.
CREATE TABLE array (
  boss  INTEGER NOT NULL,
  name  TEXT NOT NULL,
  dtype TEXT NOT NULL,
  shape TEXT NOT NULL CHECK (json_valid(shape)),  -- list of lengths
  place TEXT NOT NULL,                            -- directory of its file; another one whenever it is put anew
  PRIMARY KEY (boss, name)
) STRICT, WITHOUT ROWID;
