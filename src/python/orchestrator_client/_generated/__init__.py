"""Message classes made from training.proto by generate.sh; not edited by hand."""
