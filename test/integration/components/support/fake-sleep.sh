#!/bin/sh
# A short sleep that says that somebody waits: what takes its time continues then.
: > "$FAKE/waits"
exec /bin/sleep 0.02
