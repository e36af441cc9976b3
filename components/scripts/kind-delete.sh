#!/bin/sh
# Deletes the kind cluster KIND_NAME that was created from the configuration on stdin, with everything in it. A cluster that is gone
# is not an error. A cluster of another owner stays, and so does a later incarnation of ours: a replacement is created before this runs.
set -eu
. "$(dirname "$0")/lib.sh"
need_answer

mark=$(own_mark "$(cat)")

lock
if cluster_exists; then
  found=$(mark_of_node)
  if [ "${found:-$(mark_of_volume)}" = "$mark" ]; then
    kind delete cluster --name "$KIND_NAME"
  else
    echo "the kind cluster $KIND_NAME is another one by now: left as it is" >&2
  fi
fi
[ "$(mark_of_volume)" != "$mark" ] || docker volume rm "$(volume)" >/dev/null
