#!/bin/sh
# Makes the message classes of training.proto. Usage: generate.sh [output folder]
# They are made with protoc 3.21.12, whose output every protobuf runtime from 3.20.2 on can load.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
protos="$here/../../protos"
output=${1:-"$here/orchestrator_client/_generated"}

# The proto keeps its full name, so that a training script's own "training.proto" cannot collide with it.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
protoc -I "$protos" --python_out="$scratch" --pyi_out="$scratch" orchestrator/v1/training.proto
mkdir -p "$output"
cp "$scratch"/orchestrator/v1/training_pb2.py "$scratch"/orchestrator/v1/training_pb2.pyi "$output"/
