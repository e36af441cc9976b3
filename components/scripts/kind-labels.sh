#!/bin/sh
# Labels the nodes of the kind cluster whose control plane is KIND_NODE with REGION and ZONE.
set -eu
. "$(dirname "$0")/lib.sh"
need_answer

docker exec "$KIND_NODE" kubectl --kubeconfig /etc/kubernetes/admin.conf label nodes --all --overwrite \
  "topology.kubernetes.io/region=$REGION" "topology.kubernetes.io/zone=$ZONE"
