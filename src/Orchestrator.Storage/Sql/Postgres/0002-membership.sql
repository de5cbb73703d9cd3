-- Which silos there are. One version per cluster orders all changes of its members: who changes a member must name the
-- version that it saw, and raises it in the same statement. The first of two writers wins; the other reads anew.
CREATE TABLE membership_version (
  DeploymentId text NOT NULL PRIMARY KEY,
  Version integer NOT NULL
);

CREATE TABLE membership (
  DeploymentId text NOT NULL,
  Address text NOT NULL,
  Port integer NOT NULL,
  Generation integer NOT NULL,
  SiloName text NOT NULL,
  HostName text NOT NULL,
  Status integer NOT NULL, -- Orleans' SiloStatus; 6 is Dead
  ProxyPort integer NOT NULL, -- 0 without a gateway for Orleans' own clients
  SuspectTimes text, -- who suspects it since when, as Orleans writes it
  StartTime timestamptz NOT NULL,
  IAmAliveTime timestamptz NOT NULL,
  PRIMARY KEY (DeploymentId, Address, Port, Generation)
);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('InsertMembershipVersionKey', '
WITH inserted AS (
  INSERT INTO membership_version (DeploymentId, Version) VALUES (@DeploymentId, 0)
  ON CONFLICT DO NOTHING RETURNING 1
)
SELECT count(*) > 0 FROM inserted;
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('InsertMembershipKey', '
WITH raised AS (
  UPDATE membership_version SET Version = Version + 1
  WHERE DeploymentId = @DeploymentId AND Version = @Version AND NOT EXISTS (
    SELECT 1 FROM membership
    WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation)
  RETURNING DeploymentId
), inserted AS (
  INSERT INTO membership
    (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
  SELECT
    DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
  FROM raised
  RETURNING 1
)
SELECT count(*) > 0 FROM inserted;
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('UpdateMembershipKey', '
WITH raised AS (
  UPDATE membership_version SET Version = Version + 1
  WHERE DeploymentId = @DeploymentId AND Version = @Version AND EXISTS (
    SELECT 1 FROM membership
    WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation)
  RETURNING DeploymentId
), updated AS (
  UPDATE membership SET
    Status = @Status, SuspectTimes = CAST(@SuspectTimes AS text), IAmAliveTime = @IAmAliveTime
  FROM raised
  WHERE membership.DeploymentId = raised.DeploymentId
    AND Address = @Address AND Port = @Port AND Generation = @Generation
  RETURNING 1
)
SELECT count(*) > 0 FROM updated;
');

-- A sign of life orders nothing, so it raises no version.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('UpdateIAmAlivetimeKey', '
UPDATE membership SET IAmAliveTime = @IAmAliveTime
WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation;
');

-- The version is answered also where there is no member.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('MembershipReadRowKey', '
SELECT
  known.Version, silo.Address, silo.Port, silo.Generation, silo.SiloName, silo.HostName, silo.Status, silo.ProxyPort,
  silo.SuspectTimes, silo.StartTime, silo.IAmAliveTime
FROM membership_version AS known LEFT JOIN membership AS silo
  ON silo.DeploymentId = known.DeploymentId
  AND silo.Address = @Address AND silo.Port = @Port AND silo.Generation = @Generation
WHERE known.DeploymentId = @DeploymentId;
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('MembershipReadAllKey', '
SELECT
  known.Version, silo.Address, silo.Port, silo.Generation, silo.SiloName, silo.HostName, silo.Status, silo.ProxyPort,
  silo.SuspectTimes, silo.StartTime, silo.IAmAliveTime
FROM membership_version AS known LEFT JOIN membership AS silo ON silo.DeploymentId = known.DeploymentId
WHERE known.DeploymentId = @DeploymentId;
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('GatewaysQueryKey', '
SELECT Address, ProxyPort, Generation FROM membership
WHERE DeploymentId = @DeploymentId AND Status = @Status AND ProxyPort > 0;
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('DeleteMembershipTableEntriesKey', '
WITH silos AS (DELETE FROM membership WHERE DeploymentId = @DeploymentId)
DELETE FROM membership_version WHERE DeploymentId = @DeploymentId;
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('CleanupDefunctSiloEntriesKey', '
DELETE FROM membership
WHERE DeploymentId = @DeploymentId AND Status = 6 AND IAmAliveTime < @IAmAliveTime;
');

-- Only what is as it was when the caller read it.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('CleanupDefunctSiloEntryKey', '
DELETE FROM membership
WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation
  AND Status = 6 AND StartTime = @StartTime AND IAmAliveTime = @IAmAliveTime
  AND SuspectTimes IS NOT DISTINCT FROM CAST(@SuspectTimes AS text);
');
