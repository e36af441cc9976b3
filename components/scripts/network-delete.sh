#!/bin/sh
# Removes the Docker network DOCKER_NETWORK if we made it and nobody is on it any more: other stacks share it.
set -eu
. "$(dirname "$0")/lib.sh"
need_answer

ours=$(docker network inspect --format '{{index .Labels "usmesh.network"}}' "$DOCKER_NETWORK" 2>/dev/null) || ours=
if [ "$ours" = true ]; then
  docker network rm "$DOCKER_NETWORK" >/dev/null 2>&1 || echo "the Docker network $DOCKER_NETWORK is still in use: left for who comes last" >&2
fi
