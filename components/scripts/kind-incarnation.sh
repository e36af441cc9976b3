#!/bin/sh
# Writes which incarnation of the kind cluster KIND_NAME there ought to be: the one that stands, or the next one when the one
# before is gone or was replaced behind our back. Changes nothing. Where Docker does not answer, nothing can be known: the first.
set -eu
command -v docker >/dev/null 2>&1 || { echo 1; exit 0; }
. "$(dirname "$0")/lib.sh"

mark=$(mark_of_node) || mark=
if [ "${mark%% *}" = "$OWNER" ]; then
  mark=${mark#* }
  echo "${mark%% *}"
elif [ "$(volume_label usmesh.owner || true)" = "$OWNER" ]; then
  echo $(($(volume_label usmesh.incarnation) + 1))
else
  echo 1
fi
