-- What has been done to this database, in order. Each migration adds its row in the transaction that applies it, so the
-- highest version here is what the schema really holds.
CREATE TABLE orchestrator_schema (
  version integer NOT NULL PRIMARY KEY,
  name text NOT NULL,
  applied_at timestamptz NOT NULL -- wall time, for people
);

-- The statements that the Orleans providers run. They read them once, when the silo starts.
CREATE TABLE OrleansQuery (
  QueryKey text NOT NULL PRIMARY KEY,
  QueryText text NOT NULL
);

-- One row per record. The columns carry the names under which the provider passes the values.
--
-- The kind comes first in the primary key, so that listing one kind reads one stretch of the key's index. The
-- provider's hashes of kind and key are not stored: they would only save a comparison of short texts.
CREATE TABLE OrleansStorage (
  GrainTypeString text NOT NULL, -- the record's kind: "node", "job" ...
  GrainIdExtensionString text NOT NULL, -- the record's key within its kind, after a "/"
  GrainIdN0 bigint NOT NULL, -- 0 for text keys, which is all that we store
  GrainIdN1 bigint NOT NULL,
  Version integer NOT NULL CHECK (Version >= 1), -- the ETag
  PayloadBinary bytea, -- JSON in UTF-8; null once the record is cleared
  ModifiedOn timestamptz NOT NULL, -- wall time, for people
  PRIMARY KEY (GrainTypeString, GrainIdExtensionString, GrainIdN0, GrainIdN1)
);

-- Each query is one statement on purpose: it is all or nothing by itself. No row in the answer means that the caller's
-- version is not the stored one, which the provider reports as an InconsistentStateException.

-- A caller without a version claims that there is no record yet: it inserts, or meets the row and changes nothing.
-- A caller with a version must match the stored one; where there is no row at all, it must not create one.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('WriteToStorageKey', '
INSERT INTO OrleansStorage AS stored
  (GrainTypeString, GrainIdExtensionString, GrainIdN0, GrainIdN1, Version, PayloadBinary, ModifiedOn)
SELECT
  @GrainTypeString, @GrainIdExtensionString, @GrainIdN0, @GrainIdN1, 1, @PayloadBinary, now()
WHERE CAST(@GrainStateVersion AS integer) IS NULL OR EXISTS (
  SELECT 1 FROM OrleansStorage
  WHERE GrainTypeString = @GrainTypeString AND GrainIdExtensionString = @GrainIdExtensionString
    AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1)
ON CONFLICT (GrainTypeString, GrainIdExtensionString, GrainIdN0, GrainIdN1) DO UPDATE SET
  Version = stored.Version + 1, PayloadBinary = excluded.PayloadBinary, ModifiedOn = excluded.ModifiedOn
WHERE stored.Version = CAST(@GrainStateVersion AS integer)
RETURNING Version AS NewGrainStateVersion;
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ReadFromStorageKey', '
SELECT PayloadBinary, Version FROM OrleansStorage
WHERE GrainTypeString = @GrainTypeString AND GrainIdExtensionString = @GrainIdExtensionString
  AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1;
');

-- A cleared record keeps its row and its version. Were the row deleted, the next record under the same key would
-- start at version 1 again, and an activation left over from before the clearing could overwrite it unnoticed.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ClearStorageKey', '
UPDATE OrleansStorage SET
  Version = Version + 1, PayloadBinary = NULL, ModifiedOn = now()
WHERE GrainTypeString = @GrainTypeString AND GrainIdExtensionString = @GrainIdExtensionString
  AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
  AND Version = CAST(@GrainStateVersion AS integer)
RETURNING Version AS NewGrainStateVersion;
');
