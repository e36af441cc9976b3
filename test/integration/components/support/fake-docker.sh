#!/bin/sh
# A pretended docker: networks, volumes and nodes are files below $FAKE. It knows the calls of components/scripts and no other.
set -eu
echo "docker $*" >> "$FAKE/log"
[ ! -e "$FAKE/docker-down" ] || { echo "Cannot connect to the Docker daemon" >&2; exit 1; }

label() { sed -n "s/^$1=//p" "$2"; }

case "$1 $2" in
  "image inspect") grep -qx "$3" "$FAKE/images" ;;
  "network inspect")
    eval name=\$$#
    [ -f "$FAKE/network/$name" ] || { echo "Error: No such network: $name" >&2; exit 1; }
    case "$*" in *Subnet*) label subnet "$FAKE/network/$name" ;; *Labels*) label usmesh.network "$FAKE/network/$name" ;; esac ;;
  "network create")
    eval name=\$$#
    subnet=172.25.0.0/16; ours=
    while [ $# -gt 1 ]; do
      case "$1" in --subnet) subnet=$2 ;; --label) ours=$2 ;; esac
      shift
    done
    if [ -e "$FAKE/taken" ] && [ "$subnet" = 172.18.0.0/16 ]; then echo "Pool overlaps with other one on this address space" >&2; exit 1; fi
    printf 'subnet=%s\n%s\n' "$subnet" "$ours" > "$FAKE/network/$name" ;;
  "network rm") rm "$FAKE/network/$3" ;;
  "volume inspect")
    key=$(printf '%s' "$4" | sed 's/.*"\(.*\)".*/\1/')
    label "$key" "$FAKE/volume/$5" ;;
  "volume create") printf '%s\n' "$4" > "$FAKE/volume/$5" ;;
  "volume rm") rm "$FAKE/volume/$3" ;;
  "cp "*) tar -C "$FAKE/node/${2%%:*}" -cf - usmesh ;;
  "ps --quiet") ;;
  "ps --all")
    name=${5##*=}
    case "$5" in network=*) [ ! -e "$FAKE/network-in-use" ] || echo 0123456789ab ;; esac
    [ ! -d "$FAKE/node/$name-control-plane" ] || echo 0123456789ab ;;
  "start "*) [ -d "$FAKE/node/$2" ] ;;
  "exec "*-control-plane) [ -d "$FAKE/node/$2" ] ;;
  "exec -i") cat > "$FAKE/node/$3/usmesh" ;;
  *) echo "unexpected: docker $*" >&2; exit 64 ;;
esac
