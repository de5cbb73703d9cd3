-- What has been done to this file, in order. Each migration adds its row in the transaction that applies it, so the
-- highest version here is what the file really holds.
CREATE TABLE orchestrator_schema (
  version INTEGER NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  applied_at TEXT NOT NULL -- wall time, for people
) STRICT;

-- The statements that the grain storage provider runs. It reads them once, when the silo starts.
CREATE TABLE OrleansQuery (
  QueryKey TEXT NOT NULL PRIMARY KEY,
  QueryText TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row per record. The columns carry the names under which the provider passes the values.
--
-- The kind comes first in the primary key, so that listing one kind reads one stretch of the key's index and never
-- the rows of the others. The provider's hashes of kind and key are not stored: SQLite indexes text of any length.
-- There is no service id either: one data folder belongs to one control plane, and renaming its service must not
-- make its records vanish.
CREATE TABLE OrleansStorage (
  GrainTypeString TEXT NOT NULL, -- the record's kind: "node", "job" ...
  GrainIdExtensionString TEXT NOT NULL, -- the record's key within its kind, after a "/"
  GrainIdN0 INTEGER NOT NULL, -- 0 for text keys, which is all that we store
  GrainIdN1 INTEGER NOT NULL,
  -- The ETag. The provider reads it as a signed 32-bit number, so a record that was written 2147483647 times refuses
  -- the next write here instead of failing after its commit.
  Version INTEGER NOT NULL CHECK (Version BETWEEN 1 AND 2147483647),
  PayloadBinary BLOB, -- JSON in UTF-8; null once the record is cleared
  ModifiedOn TEXT NOT NULL, -- wall time, for people
  PRIMARY KEY (GrainTypeString, GrainIdExtensionString, GrainIdN0, GrainIdN1)
) STRICT;
