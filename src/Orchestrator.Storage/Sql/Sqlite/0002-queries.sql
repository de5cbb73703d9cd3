-- Each query is one statement on purpose: SQLite makes a statement all or nothing by itself, so there is no open
-- transaction to leave behind when a call fails halfway. No row in the answer means that the caller's version is not
-- the stored one, which the provider reports as an InconsistentStateException.

-- A caller without a version claims that there is no record yet: it inserts, or meets the row and changes nothing.
-- A caller with a version must match the stored one; where there is no row at all, it must not create one.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('WriteToStorageKey', '
INSERT INTO OrleansStorage
  (GrainTypeString, GrainIdExtensionString, GrainIdN0, GrainIdN1, Version, PayloadBinary, ModifiedOn)
SELECT
  @GrainTypeString, @GrainIdExtensionString, @GrainIdN0, @GrainIdN1, 1, @PayloadBinary, CURRENT_TIMESTAMP
WHERE @GrainStateVersion IS NULL OR EXISTS (
  SELECT 1 FROM OrleansStorage
  WHERE GrainTypeString = @GrainTypeString AND GrainIdExtensionString = @GrainIdExtensionString
    AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1)
ON CONFLICT (GrainTypeString, GrainIdExtensionString, GrainIdN0, GrainIdN1) DO UPDATE SET
  Version = Version + 1, PayloadBinary = excluded.PayloadBinary, ModifiedOn = excluded.ModifiedOn
WHERE Version = @GrainStateVersion
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
  Version = Version + 1, PayloadBinary = NULL, ModifiedOn = CURRENT_TIMESTAMP
WHERE GrainTypeString = @GrainTypeString AND GrainIdExtensionString = @GrainIdExtensionString
  AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
  AND Version = @GrainStateVersion
RETURNING Version AS NewGrainStateVersion;
');
