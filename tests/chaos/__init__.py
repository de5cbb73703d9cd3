"""The chaos campaign: real processes, real faults, and checks from outside. `bash tests/chaos.sh` runs it."""
