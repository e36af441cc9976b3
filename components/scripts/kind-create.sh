#!/bin/sh
# Makes the kind cluster KIND_NAME from the configuration on stdin, and writes its kubeconfig, and nothing else, to stdout.
# Run again, it finds its own cluster and writes the same; one that a killed run left half made is made anew.
set -eu
. "$(dirname "$0")/lib.sh"
need_answer
command -v kind >/dev/null 2>&1 || die "kind is not on PATH: install it (https://kind.sigs.k8s.io), or run ./mesh up, which brings its own."

config=$(cat)
asked=$(printf '%s %s %s' "$KIND_IMAGE" "$DOCKER_NETWORK" "$config" | cksum | tr ' ' '-')
mark="$OWNER $INCARNATION $asked"

lock
exec 3>&1 1>&2

if cluster_exists; then
  found=$(mark_of_node) || found=
  owner=${found%% *}
  [ -n "$owner" ] || owner=$(volume_label usmesh.owner) || owner=
  [ "$owner" = "$OWNER" ] ||
    die "a kind cluster $KIND_NAME is there already, and ${owner:+stack }${owner:-nobody we know} made it. Delete it (kind delete cluster --name $KIND_NAME) or choose another name (usmesh:clusters.<key>.kindName)."
  [ "${found##* }" = "$asked" ] || kind delete cluster --name "$KIND_NAME"
fi

docker volume rm "$(volume)" >/dev/null 2>&1 || true
docker volume create --label "usmesh.owner=$OWNER" --label "usmesh.incarnation=$INCARNATION" "$(volume)" >/dev/null

if ! cluster_exists; then
  ensure_network
  printf '%s\n' "$config" | kind create cluster --name "$KIND_NAME" --image "$KIND_IMAGE" --config - --wait 3m
fi
docker start "$KIND_NODE" >/dev/null
printf '%s' "$mark" | docker exec -i "$KIND_NODE" sh -c 'cat > /kind/usmesh'
kind get kubeconfig --name "$KIND_NAME" >&3
