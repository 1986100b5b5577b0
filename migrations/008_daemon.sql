-- 008_daemon.sql: what the jobs of this daemon, and of no other one, are named by in a cluster.
CREATE TABLE daemon (
  id TEXT NOT NULL -- random, 16 hexadecimal digits
) STRICT;
INSERT INTO daemon VALUES (lower(hex(randomblob(8))));
