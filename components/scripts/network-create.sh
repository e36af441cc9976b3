#!/bin/sh
# Creates the Docker network DOCKER_NETWORK if it does not exist, and writes its subnet.
set -eu
. "$(dirname "$0")/lib.sh"
need_answer

ensure_network
echo "$subnet"
