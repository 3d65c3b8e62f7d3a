# What the project needs from Debian 12, and how it gets it. Sourced by server/run, tests/run and bench/*.

build_packages=(g++ cmake ninja-build libboost1.81-dev libboost-json1.81-dev libabsl-dev
  libdeflate-dev libssl-dev)
# What the preset "bench" needs beside these.
bench_packages=(libbenchmark-dev valgrind)

# Prints one line and leaves with an error.
give_up() {
  echo "pageturner: $1" >&2
  exit 1
}

# Installs those of the packages named that are missing. Says in one line what cannot be had.
install_missing() {
  command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
    give_up "this script installs with apt-get (Debian 12), which is not here; needed are: $*"
  local package missing=()
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null)" = "install ok installed" ] ||
      missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null ||
      give_up "missing packages, and neither root nor sudo to install them: ${missing[*]}"
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

# Installs the npm packages that the lock file in folder $1 names, unless they are there. Quiet unless
# it fails.
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

# Builds the targets named in the preset $1. Quiet unless it fails.
build() {
  local preset=$1
  shift
  local log
  log=$(mktemp)
  if [ ! -f "build/$preset/build.ninja" ]; then
    echo "pageturner: building $preset, once; this takes a few minutes" >&2
    cmake --preset "$preset" >"$log" 2>&1 || { cat "$log" >&2; give_up "cmake failed"; }
  fi
  cmake --build "build/$preset" --target "$@" >"$log" 2>&1 ||
    { cat "$log" >&2; give_up "the build failed"; }
  rm -f "$log"
}
