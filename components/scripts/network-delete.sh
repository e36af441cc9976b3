#!/bin/sh
# Removes the Docker network DOCKER_NETWORK if we created it and no container is on it any more: other stacks share it.
set -eu
. "$(dirname "$0")/lib.sh"
need_answer

ours=$(docker network inspect --format '{{index .Labels "usmesh.network"}}' "$DOCKER_NETWORK" 2>/dev/null) || ours=
# A stopped node is still on it, although Docker itself would remove the network.
if [ "$ours" = true ] && [ -z "$(docker ps --all --quiet --filter "network=$DOCKER_NETWORK")" ]; then
  docker network rm "$DOCKER_NETWORK" >/dev/null
fi
