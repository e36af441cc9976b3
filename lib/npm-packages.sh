# Installs npm packages exactly as a package-lock.json names them: for the whole repository when ./mesh starts, and for airgap/ when
# the air gap is chosen (airgap/packages.ts). A POSIX shell, since it runs before there is any package to run TypeScript with.
#
# Sourced; the caller has set -u. Give `ensure_packages` the folder of a package-lock.json. It is quick when nothing has to be done,
# and it can be killed at any moment. When it fails, `problem` says what is wrong and what to do, `section` is the section of
# docs/troubleshooting.md about it, and the return code is 1.

say() { printf 'mesh: %s\n' "$*" >&2; }

ensure_packages() {
  folder=$1
  lock=$folder/package-lock.json
  modules=$folder/node_modules
  stamp=$modules/.usmesh-lock.json # the package-lock.json that node_modules was made from
  mutex=$folder/.npm-ci.pid        # a symbolic link whose target is the process that installs
  packages_are_current || install_packages
}

packages_are_current() { cmp -s -- "$lock" "$stamp"; }

# npm writes node_modules/.package-lock.json last: when it names what the lock names, a person ran npm and there is nothing to do.
npm_agrees() {
  [ -f "$modules/.package-lock.json" ] && node -e '
    const [wanted, there] = process.argv.slice(1).map((file) => JSON.parse(require("fs").readFileSync(file, "utf8")).packages);
    const differs = ([where, entry]) => where !== "" && !entry.optional && there[where]?.integrity !== entry.integrity;
    process.exit(Object.entries(wanted).some(differs) ? 1 : 0);
  ' "$lock" "$modules/.package-lock.json" 2>/dev/null
}

write_stamp() { cp -- "$lock" "$stamp.$$" && mv -f -- "$stamp.$$" "$stamp"; }

# Waits until no other process installs. A lock whose process is gone is taken over.
take_mutex() {
  told=
  until ln -s "$$" "$mutex" 2>/dev/null; do
    if ! holder=$(readlink "$mutex"); then
      [ -w "$folder" ] && continue
      section=repository-read-only
      problem="the npm packages cannot be installed: $folder cannot be written to. Make it writable, or use a copy elsewhere."
      return 1
    fi
    if ! kill -0 "$holder" 2>/dev/null; then
      mv -- "$mutex" "$mutex.$$" 2>/dev/null || continue
      [ "$(readlink "$mutex.$$")" = "$holder" ] || ln -s "$(readlink "$mutex.$$")" "$mutex" 2>/dev/null || true
      rm -f -- "$mutex.$$"
      continue
    fi
    [ -n "$told" ] || say "another ./mesh (process $holder) is installing the npm packages; waiting for it"
    told=yes
    sleep 1
  done
  trap 'rm -f -- "$mutex"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}

install_packages() {
  take_mutex || return 1
  installed=0
  install_locked || installed=1
  rm -f -- "$mutex"
  trap - EXIT INT TERM HUP
  return "$installed"
}

# Another process may have installed them while this one waited for the mutex.
install_locked() {
  packages_are_current && return 0
  if ! npm_agrees; then
    if ! command -v npm >/dev/null 2>&1; then
      section=node-missing
      problem="npm is missing: it comes with Node.js (https://nodejs.org)."
      return 1
    fi
    say "installing the npm packages that $lock names"
    if ! (cd -- "$folder" && npm ci --no-audit --no-fund --loglevel=error) >&2; then
      section=npm-failed
      problem="npm ci failed in $folder; its message is above. Fix that and run this again. Nothing else was done."
      return 1
    fi
  fi
  if ! write_stamp; then
    section=repository-read-only
    problem="$stamp cannot be written. Make its folder writable, and run this again."
    return 1
  fi
}
