# shellcheck shell=bash
# ./dev test: build, start a broker for the tests, run them, count them.

test_help() {
  cat <<'HELP'
usage: ./dev test [--long] [--preset P] [--no-kafka] [--core] [-R REGEX] [-E REGEX] [-L LABEL] [-LE LABEL]

Builds, starts a Kafka broker of its own on a free port (and stops it at the end), runs all tests, and ends with the
line "N passed, N failed, N skipped". Exit status 0: none failed.

  --long      also the tests labelled long, and ten times as many generated cases
  --preset P  release (default), debug, asan or tsan
  --core      only what reaches neither LibTorch nor a broker: what .ci/run puts under the sanitizers
  --no-kafka  starts no broker and leaves out the tests labelled kafka
  -R, -E      only, or all but, the tests whose names match (as in ctest); -L, -LE the same for labels

EDDY_TEST_BROKERS=HOST:PORT uses a running broker instead. EDDY_DATA_DIR names a folder with real data; tests that
want it say that they are skipped where there is none.

examples:
  ./dev test
  ./dev test -R fold_test
  ./dev test --preset asan --core
HELP
}

# count_tests JUNIT_FILE: prints "N passed, N failed, N skipped"; fails where the file counts nothing.
count_tests() {
  awk '
    /<testsuite / { on = 1 }
    on {
      for (name in want) if (match($0, "[ \t]" name "=\"[0-9]+\"")) {
        text = substr($0, RSTART, RLENGTH); gsub(/[^0-9]/, "", text); count[name] = text
      }
      if (/>/) exit
    }
    BEGIN { want["tests"]; want["failures"]; want["skipped"]; want["disabled"] }
    END {
      if (!("tests" in count)) exit 1
      left_out = count["skipped"] + count["disabled"]
      printf "%d passed, %d failed, %d skipped\n", count["tests"] - count["failures"] - left_out, count["failures"], left_out
    }' "$1"
}

# The broker that this run started, stopped at exit whatever happens.
test_broker_dir=
stop_test_broker() {
  [ -n "$test_broker_dir" ] || return 0
  kafka_stop "$test_broker_dir"
  rm -rf "$test_broker_dir"
  test_broker_dir=
}

start_test_broker() {
  if [ -n "${EDDY_TEST_BROKERS:-}" ]; then
    say "using the broker at $EDDY_TEST_BROKERS"
    return
  fi
  mkdir -p .kafka
  test_broker_dir=$(mktemp -d "${root:?}/.kafka/test.XXXXXX")
  trap stop_test_broker EXIT
  kafka_start "$test_broker_dir" 0
  EDDY_TEST_BROKERS=127.0.0.1:$(<"$test_broker_dir/port")
  export EDDY_TEST_BROKERS
}

# run_ctest PRESET ARGS…: runs and leaves the counts in build/PRESET/counts; the status is 0 only where tests ran and
# none failed.
run_ctest() {
  local preset=$1 status=0
  shift
  local junit=$root/build/$preset/junit.xml counts=$root/build/$preset/counts
  rm -f "$junit" "$counts"
  ctest --test-dir "build/$preset" -j2 --output-on-failure --no-tests=error --output-junit "$junit" "$@" || status=$?
  [ -f "$junit" ] || fail "ctest ran no test"
  count_tests "$junit" >"$counts" || fail "cannot read $junit"
  grep -q ' 0 failed,' "$counts" || status=1
  return "$status"
}

dev_test() {
  if want_help "$@"; then
    test_help
    return
  fi
  local preset=release kafka=yes long=no core=no left_out=() arguments=()
  while [ $# -gt 0 ]; do
    case $1 in
      --long) long=yes ;;
      --no-kafka) kafka=no ;;
      --core) core=yes kafka=no ;;
      --preset)
        preset=${2:?--preset needs a name}
        shift
        ;;
      -LE)
        left_out+=("${2:?-LE needs a value}")
        shift
        ;;
      -R | -E | -L)
        arguments+=("$1" "${2:?$1 needs a value}")
        shift
        ;;
      *) fail "test: unknown option '$1'; see ./dev test --help" ;;
    esac
    shift
  done
  [ $kafka = no ] && left_out+=('^kafka$')
  if [ $long = yes ]; then
    export EDDY_TEST_LONG=1 RC_PARAMS="${RC_PARAMS:-max_success=1000}"
  else
    left_out+=('^long$')
  fi
  # ctest leaves out what matches every -LE, not any of them: one expression.
  [ ${#left_out[@]} -gt 0 ] && arguments+=(-LE "$(IFS='|' && echo "${left_out[*]}")")
  require "$([ $kafka = yes ] && echo test || echo build)"
  if [ $core = yes ]; then
    compile "$preset" core_tests
    arguments+=(-R "$(<"build/$preset/core_tests.expression")")
  else
    compile "$preset"
  fi
  export EDDY_BINARY=$root/build/$preset/eddy
  if [ -z "${EDDY_DATA_DIR:-}" ] && [ -d ../shared/data ]; then
    EDDY_DATA_DIR=$(cd ../shared/data && pwd)
  fi
  export EDDY_DATA_DIR=${EDDY_DATA_DIR:-}
  export ASAN_OPTIONS="detect_stack_use_after_return=1:${ASAN_OPTIONS:-}"
  export LSAN_OPTIONS="suppressions=$root/tests/sanitizers/lsan.supp:print_suppressions=0:${LSAN_OPTIONS:-}"
  export UBSAN_OPTIONS="print_stacktrace=1:${UBSAN_OPTIONS:-}"
  export TSAN_OPTIONS="suppressions=$root/tests/sanitizers/tsan.supp:${TSAN_OPTIONS:-}"
  [ $kafka = yes ] && start_test_broker
  local status=0
  say "running the tests"
  run_ctest "$preset" "${arguments[@]}" || status=1
  stop_test_broker
  cat "build/$preset/counts"
  return $status
}
