#!/bin/sh
# Makes sure of the Docker network DOCKER_NETWORK and writes its subnet.
set -eu
. "$(dirname "$0")/lib.sh"
need_answer

ensure_network
echo "$subnet"
