#!/bin/sh
# Deletes the kind cluster KIND_NAME with everything in it. One that is gone already is no error, one that is not ours stays.
set -eu
. "$(dirname "$0")/lib.sh"
need_answer

lock
if cluster_exists; then
  owner=$(mark_of_node) || owner=
  owner=${owner%% *}
  [ -n "$owner" ] || owner=$(volume_label usmesh.owner) || owner=
  if [ "$owner" = "$OWNER" ]; then
    kind delete cluster --name "$KIND_NAME"
  else
    echo "kind cluster $KIND_NAME is not this stack's: left as it is" >&2
  fi
fi
docker volume rm "$(volume)" >/dev/null 2>&1 || true
