# Installs the project's dependencies on Debian 12, and builds. Sourced by server/run, tests/run and
# bench/*.

build_packages=(g++ cmake ninja-build libboost1.81-dev libboost-json1.81-dev libabsl-dev
  libdeflate-dev libssl-dev zlib1g-dev)
# Additional packages of the preset "bench".
bench_packages=(libbenchmark-dev valgrind)

# Prints $1 as one line to stderr and exits with status 1.
give_up() {
  echo "pageturner: $1" >&2
  exit 1
}

# Installs those of the named packages that are missing. On failure exits with a one-line message.
install_missing() {
  command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
    give_up "apt-get (Debian 12) was not found; install these packages yourself: $*"
  local package missing=()
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null)" = "install ok installed" ] ||
      missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null ||
      give_up "root or sudo is needed to install the missing packages: ${missing[*]}"
    as_root=(sudo)
  fi
  echo "pageturner: installing ${missing[*]}" >&2
  local log
  log=$(mktemp)
  if ! { "${as_root[@]}" apt-get update &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    give_up "apt-get could not install ${missing[*]}: $(grep -m1 '^E:' "$log" || tail -n 1 "$log")"
  fi
  rm -f "$log"
}

# Installs the npm packages of the lock file in folder $1 unless they are up to date. Prints the log
# of npm only if it fails.
install_npm_packages() {
  local lock="$1/package-lock.json" installed="$1/node_modules/.installed-lock.json"
  cmp -s "$lock" "$installed" && return
  echo "pageturner: installing the npm packages of $1" >&2
  local log
  log=$(mktemp)
  (cd "$1" && npm ci --no-audit --no-fund --ignore-scripts) >"$log" 2>&1 ||
    { cat "$log" >&2; give_up "npm could not install the packages of $1"; }
  rm -f "$log"
  cp "$lock" "$installed"
}

# Builds targets $2... with the preset $1. Prints the log only if the build fails.
build() {
  local preset=$1
  shift
  local log
  log=$(mktemp)
  if [ ! -f "build/$preset/build.ninja" ]; then
    echo "pageturner: first build of $preset; this takes a few minutes" >&2
    cmake --preset "$preset" >"$log" 2>&1 || { cat "$log" >&2; give_up "cmake failed"; }
  fi
  cmake --build "build/$preset" --target "$@" >"$log" 2>&1 ||
    { cat "$log" >&2; give_up "the build failed"; }
  rm -f "$log"
}
