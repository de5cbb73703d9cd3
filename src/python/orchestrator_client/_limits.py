"""Every limit of the client, with its unit in the name and its reason beside it."""

from __future__ import annotations

# The wire carries a step as an unsigned 64-bit number; one bit less keeps it positive everywhere.
MAX_STEP = 2**63 - 1

# The wire carries ranks and their number as unsigned 32-bit numbers.
MAX_RANKS = 2**32 - 1

# A phase is a label of a few letters; a longer one is cut.
MAX_PHASE_CHARACTERS = 64

# The agent is on the same host: an answer that takes longer means that it hangs.
REPORT_SECONDS = 2.0

# Until the agent has said which interval it wants, and where it asks for none.
DEFAULT_INTERVAL_SECONDS = 1.0

# How long the first report waits for the first step. It imports grpc, which takes 0.2 s of a core, and while a job
# starts every core is busy with getting to that step.
FIRST_REPORT_SECONDS = 3.0

# Bounds on what the agent may ask for, so that a wrong reply neither floods it nor silences the rank.
SHORTEST_INTERVAL_SECONDS = 0.05
LONGEST_INTERVAL_SECONDS = 60.0

# Between two reports while the agent is away: a failed attempt costs well under a millisecond.
AWAY_INTERVAL_SECONDS = 0.5

# An agent that restarts is back before this; only a longer absence is worth a line on stderr.
AWAY_NOTICE_SECONDS = 10.0

# One answer to BeginCheckpoint.
BEGIN_SECONDS = 5.0

# The same where it may have to make room for a whole state first: a few seconds for a hundred gigabytes.
SAVE_BEGIN_SECONDS = 60.0

# The agent reads this rank's whole shard against its hashes before it answers a resume.
RESUME_SECONDS = 600.0

# The agent syncs, reads back and hashes the whole shard before it answers a commit.
COMMIT_SECONDS = 600.0

# How long a checkpoint waits for an agent that is away: longer than its restart, and bounded because ranks wait.
CHECKPOINT_AWAY_SECONDS = 5.0

# How long resume() waits: nothing is trained yet, so patience is cheap and a wrong start is not.
RESUME_AWAY_SECONDS = 10.0

# Between two attempts of a call whose agent is away.
RETRY_PAUSE_SECONDS = 0.1

# gRPC's own back-off between connection attempts; its default of two minutes would outlive every wait above.
RECONNECT_FIRST_MILLISECONDS = 100
RECONNECT_LONGEST_MILLISECONDS = 1000

# How long a clean exit may wait for the last report, in all.
EXIT_FLUSH_SECONDS = 0.2

# A process that ends within the first fraction of a second waits for the import of grpc to finish,
# because an interpreter that ends under an import may crash and so turn a clean exit into a failure.
EXIT_IMPORT_SECONDS = 3.0

# A fork waits until the reporter has imported grpc, and for a report that is under way.
FORK_IMPORT_SECONDS = 5.0
FORK_REPORT_SECONDS = 0.1
