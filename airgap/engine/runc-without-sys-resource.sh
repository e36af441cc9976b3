#!/bin/sh
# A container runtime for machines whose capability bounding set lacks CAP_SYS_RESOURCE.
#
# There `docker run --privileged` ends in "unable to apply caps: operation not permitted": Docker asks for every capability that it
# knows and the kernel refuses the one that the machine itself does not have. This takes that one capability out of what is asked
# and hands everything else to runc unchanged. It is run for every container and every exec, so it is a shell and a sed, nothing more.
#
#   create, run --bundle DIR     the container's configuration is DIR/config.json
#   exec --process FILE          the process's configuration is FILE
#
# RUNC names another runc, for tests.

bundle=
process=
previous=
for argument in "$@"; do
  case $previous in
    --bundle | -b) bundle=$argument ;;
    --process | -p) process=$argument ;;
  esac
  case $argument in
    --bundle=*) bundle=${argument#--bundle=} ;;
    --process=*) process=${argument#--process=} ;;
  esac
  previous=$argument
done

# Only inside the five capability lists: the same word in a container's arguments or environment is not ours to touch.
sets='"(bounding|effective|inheritable|permitted|ambient)"[[:space:]]*:[[:space:]]*\['
for file in ${bundle:+"$bundle/config.json"} ${process:+"$process"}; do
  [ -f "$file" ] || continue
  sed -E -z -i \
    -e ":middle; s/(${sets}[^]]*),[[:space:]]*\"CAP_SYS_RESOURCE\"/\\1/; t middle" \
    -e ":first; s/(${sets}[[:space:]]*)\"CAP_SYS_RESOURCE\"[[:space:]]*,?/\\1/; t first" \
    "$file" || exit 1
done

exec "${RUNC:-runc}" "$@"
