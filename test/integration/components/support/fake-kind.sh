#!/bin/sh
# A pretended kind, beside the pretended docker.
set -eu
echo "kind $* KUBECONFIG=${KUBECONFIG:-} -> $(readlink "${KUBECONFIG:-}" || true)" >> "$FAKE/log"

case "$1 $2" in
  "create cluster")
    [ ! -d "$FAKE/node/$4-control-plane" ] || { echo "node(s) already exist for a cluster with the name \"$4\"" >&2; exit 1; }
    mkdir "$FAKE/node/$4-control-plane"
    cat > "$FAKE/config"
    if [ -e "$FAKE/kind-takes-time" ]; then timeout 20 sh -c 'until [ -e "$FAKE/waits" ]; do /bin/sleep 0.02; done'; fi
    [ ! -e "$FAKE/kind-dies" ] || { rm "$FAKE/kind-dies"; kill -KILL "$PPID"; exit 1; }
    echo administrator > "$KUBECONFIG" ;;
  "delete cluster") rm -rf "$FAKE/node/$4-control-plane" ;;
  "load docker-image") ;;
  "get kubeconfig") echo "kubeconfig of $4" ;;
  *) echo "unexpected: kind $*" >&2; exit 64 ;;
esac
