#!/bin/sh
# Writes which incarnation of the kind cluster KIND_NAME there should be: the existing one, or the next one when the last one is gone
# or was replaced outside of the program. Changes nothing. Where Docker does not answer nothing is known: it writes the first.
set -eu
command -v docker >/dev/null 2>&1 || { echo 1; exit 0; }
. "$(dirname "$0")/lib.sh"

mark=$(mark_of_node)
last=$(mark_of_volume)
if [ "$(owner_in "$mark")" = "$OWNER" ]; then
  incarnation_in "$mark"
elif [ "$(owner_in "$last")" = "$OWNER" ]; then
  echo $(($(incarnation_in "$last") + 1))
else
  echo 1
fi
