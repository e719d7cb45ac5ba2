# shellcheck shell=bash
# ./dev setup: the Debian packages that the other commands need.

packages_build=(
  ca-certificates g++ cmake ninja-build ccache mold pkg-config
  librdkafka-dev librocksdb-dev libtbb-dev libtorch-dev libyaml-cpp-dev libgtest-dev libgmock-dev libsimdjson-dev
  libspdlog-dev libcli11-dev libprotobuf-dev protobuf-compiler libprotozero-dev libjemalloc-dev
  libopenblas0-pthread libopenblas-dev libboost-dev libboost-system-dev librapidcheck-dev libbenchmark-dev
  nlohmann-json3-dev prometheus-cpp-dev libxxhash-dev libutf8proc-dev libexpected-dev liblz4-dev libzstd-dev libsnappy-dev zlib1g-dev libbz2-dev
)
packages_kafka=(openjdk-17-jre-headless maven)
packages_lint=(clang clang-format clang-tidy libclang-rt-14-dev git shellcheck docker-compose python3-yaml)

setup_help() {
  cat <<'HELP'
usage: ./dev setup [--for build|test|lint]

Installs the Debian 12 packages that are missing; installs nothing where none is. The other commands call it
for what they need. Without --for: all packages.

examples:
  ./dev setup
  ./dev setup --for build     only what compiling and running takes
HELP
}

# as_root COMMAND…
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

# install_packages PACKAGE…: installs those that dpkg does not know as installed.
install_packages() {
  local package missing=()
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    fail "packages are missing; run as root: apt-get install ${missing[*]}"
  fi
  as_root apt-get -q update
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "${missing[@]}"
}

# Of Debian's package prometheus only promtool is wanted; installed, it would start a server, and again at each boot.
# So the one program is taken out of it, into build/promtool, unless the machine has it.
fetch_promtool() {
  local folder=$PWD/build/promtool
  [[ :$PATH: == *:$folder:* ]] || PATH=$PATH:$folder
  command -v promtool >/dev/null && return 0
  say "fetching promtool out of Debian's package prometheus"
  mkdir -p "$folder"
  (
    cd "$folder" || exit 1
    rm -f ./*
    download() { apt-get -q -o APT::Sandbox::User=root download prometheus; }
    download || { as_root apt-get -q update && download; } || exit 1
    dpkg-deb --fsys-tarfile prometheus_*.deb | tar -xO ./usr/bin/promtool >part && chmod +x part || exit 1
    rm prometheus_*.deb && mv part promtool
  ) || fail "promtool cannot be fetched"
}

# LibTorch calls whatever libblas.so.3 is; the reference BLAS makes each refresh some 25 times slower.
check_blas() {
  local blas
  blas=$(ldconfig -p 2>/dev/null | awk '$1 == "libblas.so.3" && !found++ {print $NF}')
  [ -n "$blas" ] || blas=$(/sbin/ldconfig -p | awk '$1 == "libblas.so.3" && !found++ {print $NF}')
  case $(readlink -f "${blas:-/none}") in
    *openblas*) ;;
    *) say "warning: libblas.so.3 is not OpenBLAS: recommendations will be slow;" \
      "choose OpenBLAS with: update-alternatives --config libblas.so.3-$(uname -m)-linux-gnu" ;;
  esac
}

# require build|test|lint: what that kind of work needs.
require() {
  [ -r /etc/debian_version ] || fail "Eddy's packages come from Debian 12; this is another system (use the Dockerfile)"
  case $1 in
    build) install_packages "${packages_build[@]}" ;;
    test) install_packages "${packages_build[@]}" "${packages_kafka[@]}" ;;
    kafka) install_packages "${packages_kafka[@]}" ;;
    lint)
      install_packages "${packages_build[@]}" "${packages_lint[@]}"
      fetch_promtool
      ;;
    all)
      install_packages "${packages_build[@]}" "${packages_kafka[@]}" "${packages_lint[@]}"
      fetch_promtool
      ;;
    *) fail "setup: --for takes build, test or lint, not '$1'" ;;
  esac
}

dev_setup() {
  if want_help "$@"; then
    setup_help
    return
  fi
  local part=all
  while [ $# -gt 0 ]; do
    case $1 in
      --for)
        part=${2:?--for needs build, test or lint}
        shift 2
        ;;
      *) fail "setup: unknown option '$1'; see ./dev setup --help" ;;
    esac
  done
  require "$part"
  check_blas
  say "all packages are installed"
}
