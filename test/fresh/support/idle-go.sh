#!/bin/sh
# A Go that says its version and can do nothing else: with it a build begins, and ends at its first piece.
[ "$1" = version ] && echo "go version go1.26.0 idle/idle" && exit 0
echo "this Go builds nothing" >&2
exit 1
