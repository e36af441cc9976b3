#!/usr/bin/env bash
# A mesh of two clusters by kind, helm, kubectl and openssl: what the multi-cluster chapter of "Istio in Action" does by hand, in its order,
# one step after the other. `./mesh bench up` measures it beside `./mesh up`. It removes nothing, and it takes everything from variables:
#
#   WORK                            an empty folder for keys, certificates and kubeconfigs, which only this user can read
#   FILES                           a folder with the configuration of kind and the values of the charts: <cluster>.kind.yaml, metallb.yaml,
#                                   base.yaml, <cluster>.istiod.yaml, ingress.yaml, <cluster>.eastwest.yaml
#   NETWORK, NODE_IMAGE             the Docker network, and the image of the nodes
#   WEST, EAST                      names of the kind clusters
#   CLIENT, CLIENT_IMAGE            name and image of the container that asks
#   DEMO_IMAGE                      image of webapp and catalog
#   ISTIO_CHARTS, METALLB_CHARTS    folders with the charts; empty: they come from <...>_REPOSITORY in <...>_VERSION
#
# On standard output there is a line for each step as it begins, with the time, and in the end the answer of catalog in east to a request
# that a client sent to west.
set -euo pipefail
export LC_ALL=C
umask 077

die() { printf '%s\n' "$1" >&2; exit 1; }

for program in docker kind kubectl helm openssl; do
  command -v "$program" >/dev/null 2>&1 || die "$program is not on PATH"
done
: "${WORK:?}" "${FILES:?}" "${NETWORK:?}" "${NODE_IMAGE:?}" "${WEST:?}" "${EAST:?}" "${CLIENT:?}" "${CLIENT_IMAGE:?}" "${DEMO_IMAGE:?}"

host=webapp.istioinaction.io
namespace=istioinaction

step() { printf 'step %s %s\n' "$EPOCHREALTIME" "$1"; }

# kubectl and helm on one cluster: west or east.
kubectl_on() { kubectl --kubeconfig "$WORK/$1.kubeconfig" "${@:2}"; }
apply_on() { kubectl_on "$1" apply --filename "$2" >/dev/null; }

# Installs a chart and waits until all of it is ready. $1: cluster, $2: release, $3: namespace, $4: begin of the variables that say where
# the chart comes from, $5: chart, $6: values.
install_on() {
  local folder="$4_CHARTS" repository="$4_REPOSITORY" version="$4_VERSION" chart
  if [ -n "${!folder:-}" ]; then
    chart=("${!folder}/$5")
  elif [[ ${!repository} == oci://* ]]; then
    chart=("${!repository%/}/$5" --version "${!version}")
  else
    chart=("$5" --repo "${!repository}" --version "${!version}")
  fi
  helm --kubeconfig "$WORK/$1.kubeconfig" install "$2" "${chart[@]}" --namespace "$3" --values "$6" --wait --timeout 10m >/dev/null
}

# Repeats what a person would do again until it works, for two minutes at most.
again() {
  local left=120
  until "$@" 2>"$WORK/refused"; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { cat "$WORK/refused" >&2; die "gave up: $1 $2"; }
    sleep 1
  done
}

kind_name() { if [ "$1" = west ]; then echo "$WEST"; else echo "$EAST"; fi; }

# 1. Clusters, on one Docker network, and a client beside them.
create_cluster() {
  step "cluster $1"
  KIND_EXPERIMENTAL_DOCKER_NETWORK=$NETWORK kind create cluster --quiet --name "$(kind_name "$1")" --image "$NODE_IMAGE" \
    --config "$FILES/$1.kind.yaml" --kubeconfig "$WORK/$1.kubeconfig" --wait 3m
  kubectl_on "$1" label nodes --all "topology.kubernetes.io/region=$1us" topology.kubernetes.io/zone=0 >/dev/null
}

# 2. MetalLB, with a pool from the network's addresses. Its webhook answers a moment after its pods are ready.
add_load_balancer() {
  step "MetalLB $1"
  kubectl_on "$1" create namespace metallb-system >/dev/null
  kubectl_on "$1" label namespace metallb-system pod-security.kubernetes.io/enforce=privileged >/dev/null
  install_on "$1" metallb metallb-system METALLB metallb "$FILES/metallb.yaml"
  cat > "$WORK/$1.pool.yaml" <<YAML
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: { name: walkthrough, namespace: metallb-system }
spec: { addresses: [ "$2" ] }
---
apiVersion: metallb.io/v1beta1
kind: L2Advertisement
metadata: { name: walkthrough, namespace: metallb-system }
spec: { ipAddressPools: [ walkthrough ] }
YAML
  again apply_on "$1" "$WORK/$1.pool.yaml"
}

# 3. A root, and an intermediate for each cluster, of the same kind as the program's.
create_root() {
  step "root certificate"
  cat > "$WORK/root.conf" <<CONF
[req]
distinguished_name = name
prompt = no
x509_extensions = authority
[name]
O = walkthrough
CN = walkthrough root CA
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, digitalSignature, keyCertSign, cRLSign
subjectKeyIdentifier = hash
CONF
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$WORK/root.key" 2>/dev/null
  openssl req -x509 -new -sha256 -days 3650 -config "$WORK/root.conf" -key "$WORK/root.key" -out "$WORK/root.pem"
}

create_intermediate() {
  step "intermediate $1"
  cat > "$WORK/$1.conf" <<CONF
[req]
distinguished_name = name
prompt = no
[name]
O = walkthrough
L = $1
CN = walkthrough intermediate CA $1
[authority]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, digitalSignature, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = DNS:istiod.istio-system.svc
CONF
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$WORK/$1.key" 2>/dev/null
  openssl req -new -sha256 -config "$WORK/$1.conf" -key "$WORK/$1.key" -out "$WORK/$1.csr"
  openssl x509 -req -sha256 -days 365 -in "$WORK/$1.csr" -CA "$WORK/root.pem" -CAkey "$WORK/root.key" -CAcreateserial \
    -extfile "$WORK/$1.conf" -extensions authority -out "$WORK/$1.pem" 2>/dev/null
  cat "$WORK/$1.pem" "$WORK/root.pem" > "$WORK/$1.chain.pem"
}

# 3. and 4. The namespace of the control plane with its certificates, and the label of its network.
prepare_namespace() {
  step "cacerts and network $1"
  kubectl_on "$1" create namespace istio-system >/dev/null
  kubectl_on "$1" label namespace istio-system "topology.istio.io/network=$1-network" >/dev/null
  kubectl_on "$1" create secret generic cacerts --namespace istio-system --from-file=ca-cert.pem="$WORK/$1.pem" \
    --from-file=ca-key.pem="$WORK/$1.key" --from-file=root-cert.pem="$WORK/root.pem" --from-file=cert-chain.pem="$WORK/$1.chain.pem" >/dev/null
}

# 5. Control plane and ingress gateway.
install_istio() {
  step "istiod $1"
  install_on "$1" istio-base istio-system ISTIO base "$FILES/base.yaml"
  install_on "$1" istiod istio-system ISTIO istiod "$FILES/$1.istiod.yaml"
  step "ingress gateway $1"
  install_on "$1" istio-ingressgateway istio-system ISTIO gateway "$FILES/ingress.yaml"
}

# 6. The workloads: webapp in west, catalog in east, and in west a Service for catalog's name.
create_namespace() {
  kubectl_on "$1" create namespace "$namespace" >/dev/null
  kubectl_on "$1" label namespace "$namespace" istio-injection=enabled >/dev/null
}

# $1: file, $2: name, $3: port of the container, $4: variable of the server, $5: its value
write_workload() {
  cat > "$1" <<YAML
apiVersion: v1
kind: ServiceAccount
metadata: { name: $2, namespace: $namespace }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: $2, namespace: $namespace, labels: { app: $2 } }
spec:
  replicas: 1
  selector: { matchLabels: { app: $2 } }
  template:
    metadata: { labels: { app: $2 } }
    spec:
      serviceAccountName: $2
      containers:
        - name: $2
          image: $DEMO_IMAGE
          imagePullPolicy: IfNotPresent
          env:
            - { name: NAME, value: $2 }
            - { name: LISTEN_ADDR, value: "0.0.0.0:$3" }
            - { name: $4, value: "$5" }
          ports: [ { name: http, containerPort: $3 } ]
YAML
}

# $1: file, $2: name, $3: port of the container
write_service() {
  cat > "$1" <<YAML
apiVersion: v1
kind: Service
metadata: { name: $2, namespace: $namespace, labels: { app: $2 } }
spec:
  selector: { app: $2 }
  ports: [ { name: http, port: 80, targetPort: $3 } ]
YAML
}

deploy_workloads() {
  step "workloads"
  write_workload "$WORK/webapp.yaml" webapp 8080 UPSTREAM_URIS "http://catalog.$namespace:80"
  write_workload "$WORK/catalog.yaml" catalog 3000 MESSAGE "catalog in east-cluster"
  write_service "$WORK/webapp.service.yaml" webapp 8080
  write_service "$WORK/catalog.service.yaml" catalog 3000
  cat > "$WORK/route.yaml" <<YAML
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: webapp, namespace: $namespace }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 80, name: http, protocol: HTTP }
      hosts: [ $host ]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: webapp, namespace: $namespace }
spec:
  hosts: [ $host ]
  gateways: [ webapp ]
  http:
    - route: [ { destination: { host: webapp, port: { number: 80 } } } ]
YAML
  create_namespace west
  create_namespace east
  local file
  for file in catalog.service webapp.service webapp route; do apply_on west "$WORK/$file.yaml"; done
  for file in catalog.service catalog; do apply_on east "$WORK/$file.yaml"; done
  kubectl_on west rollout status deployment/webapp --namespace "$namespace" --timeout 5m >/dev/null
  kubectl_on east rollout status deployment/catalog --namespace "$namespace" --timeout 5m >/dev/null
}

# 7. Discovery: $1's istiod reads $2 with the token of its reader. Token and authority go through files and never through arguments.
has_token() { [ -n "$(kubectl_on "$1" get secret istio-reader --namespace istio-system --output 'jsonpath={.data.token}')" ]; }

create_reader() {
  cat > "$WORK/$1.reader.yaml" <<YAML
apiVersion: v1
kind: Secret
metadata:
  name: istio-reader
  namespace: istio-system
  annotations: { kubernetes.io/service-account.name: istio-reader-service-account }
type: kubernetes.io/service-account-token
YAML
  apply_on "$1" "$WORK/$1.reader.yaml"
  again has_token "$1"
}

let_read() {
  step "remote secret in $1"
  create_reader "$2"
  local token authority
  token=$(kubectl_on "$2" get secret istio-reader --namespace istio-system --output 'jsonpath={.data.token}' | base64 -d)
  authority=$(kubectl_on "$2" get secret istio-reader --namespace istio-system --output 'jsonpath={.data.ca\.crt}')
  cat > "$WORK/$2.remote" <<YAML
apiVersion: v1
kind: Config
current-context: $2-cluster
clusters:
  - name: $2-cluster
    cluster: { server: "https://$(kind_name "$2")-control-plane:6443", certificate-authority-data: "$authority" }
contexts:
  - name: $2-cluster
    context: { cluster: $2-cluster, user: $2-cluster }
users:
  - name: $2-cluster
    user: { token: "$token" }
YAML
  kubectl_on "$1" create secret generic "istio-remote-secret-$2" --namespace istio-system --from-file="$2-cluster=$WORK/$2.remote" >/dev/null
  kubectl_on "$1" label secret "istio-remote-secret-$2" --namespace istio-system istio/multiCluster=true >/dev/null
}

# 8. The gateway between the networks, and what it passes on.
install_east_west() {
  step "east-west gateway $1"
  install_on "$1" istio-eastwestgateway istio-system ISTIO gateway "$FILES/$1.eastwest.yaml"
  cat > "$WORK/expose.yaml" <<YAML
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: cross-network-gateway, namespace: istio-system }
spec:
  selector: { istio: eastwestgateway }
  servers:
    - port: { number: 15443, name: tls, protocol: TLS }
      tls: { mode: AUTO_PASSTHROUGH }
      hosts: [ "*.local" ]
YAML
  apply_on "$1" "$WORK/expose.yaml"
}

# 9. The request: catalog runs in east alone, so what west's webapp says of it has crossed.
ask() { docker exec "$CLIENT" curl --silent --show-error --fail --max-time 5 --header "Host: $host" "http://$1/api/catalog" > "$WORK/answer"; }

step "network and client"
docker network create --driver bridge "$NETWORK" >/dev/null
subnet=$(docker network inspect --format '{{(index .IPAM.Config 0).Subnet}}' "$NETWORK")
# Docker gives containers the lowest addresses.
addresses=${subnet%.*}
docker run --detach --name "$CLIENT" --network "$NETWORK" --init --entrypoint sleep "$CLIENT_IMAGE" infinity >/dev/null
create_cluster west
create_cluster east
add_load_balancer west "$addresses.101-$addresses.120"
add_load_balancer east "$addresses.201-$addresses.220"
create_root
for cluster in west east; do create_intermediate "$cluster"; prepare_namespace "$cluster"; done
for cluster in west east; do install_istio "$cluster"; done
deploy_workloads
let_read west east
let_read east west
for cluster in west east; do install_east_west "$cluster"; done
step "request across"
ingress=$(kubectl_on west get service istio-ingressgateway --namespace istio-system --output 'jsonpath={.status.loadBalancer.ingress[0].ip}')
again ask "$ingress"
step "done"
cat "$WORK/answer"
