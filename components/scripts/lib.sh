# What the scripts share. Sourced, not run.

# Says what is wrong and where to read more, then ends. $1: the section of docs/troubleshooting.md.
die() { printf '%s\nSee docs/troubleshooting.md#%s\n' "$2" "$1" >&2; exit 1; }

command -v docker >/dev/null 2>&1 || die docker-not-installed "docker is not on PATH: kind clusters are Docker containers. Install Docker, then run this again."

# Without an answer nothing is known, and "there is no such cluster" would be a guess.
need_answer() { docker ps --quiet >/dev/null || die docker-not-running "Docker does not answer: start it, then run this again."; }

# The subnet in the documentation. Docker by itself chooses another one each time a network is created.
PREFERRED_SUBNET=172.18.0.0/16

# The network DOCKER_NETWORK. One that exists is used as it is, whoever created it.
ensure_network() {
  subnet=$(network_subnet) || {
    # Another run may create it at the same moment: what counts is that it exists afterwards.
    make_network || network_subnet >/dev/null
    subnet=$(network_subnet)
  }
  [ -n "$subnet" ] || die docker-network-without-subnet "the Docker network $DOCKER_NETWORK has no IPv4 subnet: remove it (docker network rm $DOCKER_NETWORK) or name another in usmesh:docker.network."
  [ -z "$DOCKER_SUBNET" ] || [ "$subnet" = "$DOCKER_SUBNET" ] ||
    die docker-network-differs "the Docker network $DOCKER_NETWORK is $subnet, not $DOCKER_SUBNET: remove it (docker network rm $DOCKER_NETWORK), or change usmesh:docker.network or usmesh:docker.subnet."
}

# With DOCKER_SUBNET; where that is empty with the preferred subnet, or with what Docker chooses where the preferred one is taken.
make_network() {
  if [ -n "$DOCKER_SUBNET" ]; then
    create_network --subnet "$DOCKER_SUBNET"
  else
    create_network --subnet "$PREFERRED_SUBNET" 2>/dev/null || create_network
  fi
}

create_network() { docker network create --driver bridge --label usmesh.network=true "$@" "$DOCKER_NETWORK" >/dev/null; }

# Its first IPv4 subnet. Fails when there is no such network.
network_subnet() {
  docker network inspect --format '{{range .IPAM.Config}}{{println .Subnet}}{{end}}' "$DOCKER_NETWORK" 2>/dev/null | grep -v : | head -n 1 | grep . ||
    { docker network inspect "$DOCKER_NETWORK" >/dev/null 2>&1 && return 0; return 1; }
}

# A mark says who owns a kind cluster, and which one it is: "<owner> <incarnation> <checksum of what it is made from>". Creating writes
# it into the node as the last step. A Docker volume has it as well, from before the first node until after the last one, so that what
# an interrupted run leaves behind is recognised, and a cluster that was lost is noticed.
own_mark() { printf '%s %s %s' "$OWNER" "$INCARNATION" "$(printf '%s %s %s' "$KIND_IMAGE" "$DOCKER_NETWORK" "$1" | cksum | tr ' ' '-')"; }
mark_of_node() { docker cp "$KIND_NODE:/kind/usmesh" - 2>/dev/null | tar -xO 2>/dev/null || true; }
mark_of_volume() { docker volume inspect --format '{{index .Labels "usmesh.mark"}}' "$(volume)" 2>/dev/null || true; }
volume() { printf 'usmesh.kind.%s' "$KIND_NAME"; }
owner_in() { printf '%s' "${1%% *}"; }
incarnation_in() { rest=${1#* }; printf '%s' "${rest%% *}"; }

cluster_exists() { [ -n "$(docker ps --all --quiet --filter "label=io.x-k8s.kind.cluster=$KIND_NAME")" ]; }

# Only one run at a time works on a cluster. The lock is held by an open file, so the kernel releases it when the last process that has it
# open ends: also a `kind create` that an interrupted run left behind, still running, holds it.
# kind wants to write a kubeconfig; it gets a link to /dev/null, so that the administrator's key never reaches a disk.
# Both are in a folder of this user alone, where nobody else can put something in their place.
lock() {
  private=${MESH_HOME:-${XDG_STATE_HOME:-${HOME:?}/.local/state}/usmesh}/kind
  (umask 077 && mkdir -p "$private")
  { [ -O "$private" ] && [ ! -L "$private" ] && chmod 700 "$private"; } || die kind-folder-foreign "the folder $private is not a folder of this user: remove it, or set MESH_HOME to another folder."
  exec 9>>"$private/$KIND_NAME.lock"
  waited=0
  until hold; do
    [ "$waited" -lt 600 ] || die kind-busy "kind cluster $KIND_NAME: process $(cat "$private/$KIND_NAME.lock") has been at work on it for ten minutes; end it, then run this again."
    waited=$((waited + 1))
    sleep 1
  done
  echo "$$" > "$private/$KIND_NAME.lock"
  KUBECONFIG=$private/$KIND_NAME.kubeconfig
  export KUBECONFIG
  trap unlock EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  rm -f "$KUBECONFIG.lock"
  ln -sf /dev/null "$KUBECONFIG"
}

# Takes the lock if nobody has it. macOS has no flock, but the function of that name in Perl.
hold() {
  if command -v flock >/dev/null 2>&1; then
    flock --nonblock 9
  else
    perl -MFcntl=:flock -e 'open(my $lock, ">>&=", 9) or exit 1; exit !flock($lock, LOCK_EX | LOCK_NB)'
  fi
}

# Releases what lock() took. Does no harm when it is called twice. The file of the lock stays: who waits for it has it open.
unlock() {
  trap - EXIT
  rm -f "$KUBECONFIG" "$KUBECONFIG.lock"
  exec 9>&-
}
