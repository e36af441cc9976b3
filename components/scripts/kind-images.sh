#!/bin/sh
# Gives the nodes of the kind cluster KIND_NAME the images IMAGES, which are in this machine's Docker engine. Images that a node has are
# not copied again.
set -eu
. "$(dirname "$0")/lib.sh"
need_answer

for image in $IMAGES; do
  docker image inspect "$image" >/dev/null 2>&1 ||
    die image-not-in-engine "the Docker engine has no image $image: run ./mesh up, which builds what the air gap lacks, or pull it, or set usmesh:observability.images.load to false."
done
# shellcheck disable=SC2086
kind load docker-image --name "$KIND_NAME" $IMAGES >/dev/null
