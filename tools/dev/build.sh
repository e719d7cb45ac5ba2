# shellcheck shell=bash
# ./dev build, demo and bench: compile, then run what was compiled.

build_help() {
  cat <<'HELP'
usage: ./dev build [--preset release|debug|asan|tsan] [TARGET…]

Configures (once) and compiles. The release preset is the default; its program is build/release/eddy.

examples:
  ./dev build
  ./dev build eddy                 the program alone, without tests and benchmarks
  ./dev build --preset asan        with AddressSanitizer and UndefinedBehaviorSanitizer, in build/asan
HELP
}

# compile PRESET [TARGET…]
compile() {
  local preset=$1
  shift
  if [ ! -f "build/$preset/build.ninja" ]; then
    say "configuring build/$preset"
    local log
    log=$(cmake --preset "$preset" 2>&1) || {
      printf '%s\n' "$log" >&2
      fail "cmake could not configure the $preset build"
    }
  fi
  say "compiling build/$preset (the first time takes some minutes)"
  if [ $# -gt 0 ]; then
    cmake --build "build/$preset" --target "$@" >&2
  else
    cmake --build "build/$preset" >&2
  fi
}

dev_build() {
  if want_help "$@"; then
    build_help
    return
  fi
  local preset=release targets=()
  while [ $# -gt 0 ]; do
    case $1 in
      --preset)
        preset=${2:?--preset needs a name}
        shift 2
        ;;
      -*) fail "build: unknown option '$1'; see ./dev build --help" ;;
      *)
        targets+=("$1")
        shift
        ;;
    esac
  done
  require build
  compile "$preset" "${targets[@]}"
}

demo_help() {
  cat <<'HELP'
usage: ./dev demo [OPTIONS of eddy demo]

Builds Eddy where needed, then shows it at work: simulates users, trains a model, plays their events through the
pipeline, and prints one call as it happens. Options go to `build/release/eddy demo`, whose --help lists them.

examples:
  ./dev demo
  ./dev demo --events dialogues.jsonl      with your own events
HELP
}

dev_demo() {
  if want_help "$@"; then
    demo_help
    [ -x build/release/eddy ] && exec build/release/eddy demo --help
    return
  fi
  require build
  check_blas
  compile release eddy
  exec build/release/eddy demo "$@"
}

bench_help() {
  cat <<'HELP'
usage: ./dev bench [NAME…]

Builds the small benchmarks (release) and runs them, or those whose names contain one of NAME. A quiet machine gives the
truest figures. What each measures, and the programs that measure the whole of Eddy: bench/README.md.

examples:
  ./dev bench
  ./dev bench fold decode
HELP
}

dev_bench() {
  if want_help "$@"; then
    bench_help
    return
  fi
  require build
  check_blas
  compile release
  local program name ran=0
  for program in build/release/bench/*_bench; do
    if [ $# -gt 0 ]; then
      for name in "$@"; do
        [[ ${program##*/} == *"$name"* ]] && break
      done
      [[ ${program##*/} == *"$name"* ]] || continue
    fi
    say "${program##*/}"
    "$program"
    ran=$((ran + 1))
  done
  [ "$ran" -gt 0 ] || fail "no benchmark has a name like: ${*:-*}"
}
