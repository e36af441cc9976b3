#!/bin/sh
# Creates the kind cluster KIND_NAME from the configuration on stdin, and writes its kubeconfig, and nothing else, to stdout.
# Run again, it finds its own cluster and writes the same. Another incarnation of it, or a cluster that an interrupted run left
# incomplete, is recreated; a cluster of another owner is left alone.
set -eu
. "$(dirname "$0")/lib.sh"
need_answer
command -v kind >/dev/null 2>&1 || die programs-missing "kind is not on PATH: install it (https://kind.sigs.k8s.io), or run ./mesh up, which brings its own."

config=$(cat)
mark=$(own_mark "$config")

lock
exec 3>&1 1>&2

if cluster_exists; then
  found=$(mark_of_node)
  owner=$(owner_in "${found:-$(mark_of_volume)}")
  [ "$owner" = "$OWNER" ] ||
    die kind-cluster-taken "a kind cluster $KIND_NAME is there already, and ${owner:+stack }${owner:-nobody we know} made it. Delete it (kind delete cluster --name $KIND_NAME) or choose another name (usmesh:clusters.<key>.kindName)."
  [ "$found" = "$mark" ] || kind delete cluster --name "$KIND_NAME"
fi

if ! cluster_exists; then
  docker volume rm "$(volume)" >/dev/null 2>&1 || true
  docker volume create --label "usmesh.mark=$mark" "$(volume)" >/dev/null
  ensure_network
  printf '%s\n' "$config" | kind create cluster --name "$KIND_NAME" --image "$KIND_IMAGE" --config - --wait 3m
  printf '%s' "$mark" | docker exec -i "$KIND_NODE" sh -c 'cat > /kind/usmesh'
fi
# The workers are a list of names, none where there is one node.
# shellcheck disable=SC2086
docker start "$KIND_NODE" ${KIND_WORKERS:-} >/dev/null
# Pulumi shows the output of a command that fails: the administrator's key is written when nothing can fail any more.
kubeconfig=$(kind get kubeconfig --name "$KIND_NAME")
unlock
printf '%s\n' "$kubeconfig" >&3
