"""Seeded cases of what checkpoints bear. `bash tests/checkpoint_faults.sh` runs them."""
