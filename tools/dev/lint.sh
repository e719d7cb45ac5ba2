# shellcheck shell=bash
# ./dev lint: what a reviewer should not have to look at.

lint_help() {
  cat <<'HELP'
usage: ./dev lint [STEP…]

Runs all steps, or those that are named; goes on after a failure, names the failed ones, and counts them in the last line.

  format      clang-format changes nothing
  tidy        clang-tidy: names, bug patterns, thread-safety annotations (files that include LibTorch are left out);
              skips what it found clean before and has not changed since
  shell       shellcheck on all scripts
  compose     docker-compose accepts docker-compose.yml
  monitoring  promtool accepts config/monitoring, its alerts pass their tests, and every metric named there exists
  headers     each public header compiles by itself

examples:
  ./dev lint
  ./dev lint format shell
HELP
}

lint_format() { git ls-files -z '*.cpp' '*.h' | xargs -0 -r clang-format --dry-run -Werror; }

# Sources to analyse: ours, without the tests, and without those that reach a LibTorch header (20 to 40 s each).
tidy_sources() {
  local pattern='#include <(torch|ATen|c10)/' headers count=-1
  while :; do
    headers=$(git grep -lE "$pattern" -- '*.h' || true)
    [ "$(wc -l <<<"$headers")" -eq "$count" ] && break
    count=$(wc -l <<<"$headers")
    pattern='#include <(torch|ATen|c10)/'
    local header
    for header in $headers; do pattern+="|#include \"${header//./\\.}\""; done
  done
  comm -23 <(git ls-files '*.cpp' | grep -vE '^(tests|bench)/' | sort) <(git grep -lE "$pattern" -- '*.cpp' | sort)
}

tidy_options=(--quiet -p build/release --extra-arg=-Wno-unknown-warning-option --extra-arg=-Wthread-safety)

# What clang-tidy has not yet found clean, as lines "MARKER SOURCE". A marker is an empty file, named by a hash of all that
# the answer depends on: the tool, its options and settings, the compile command, and the contents of the source and of the
# headers of ours that it includes, which ninja knows from the last compilation.
tidy_todo() {
  local cache=${EDDY_TIDY_CACHE:-build/tidy-cache} top=${root:?} tool pairs source marker
  mkdir -p "$cache"
  tool=$(clang-tidy --version && printf '%s\n' "${tidy_options[@]}" && cat .clang-tidy)
  pairs=$(ninja -C build/release -t deps | awk -v top="$top" '
    /^[^ ]/ { source = ""; next }  # an object; the first file of ours is its source
    { sub(/^\.\.\/\.\./, top, $1) }
    index($1, top "/") == 1 { file = substr($1, length(top) + 2); if (source == "") source = file; print source, file }')
  while read -r source; do
    marker=$cache/$({
      printf '%s\n' "$tool"
      grep -F -B 1 "\"file\": \"$top/$source\"" build/release/compile_commands.json | sed "s|$top||g"
      awk -v source="$source" '$1 == source { print $2 }' <<<"$pairs" | sort -u | xargs sha256sum "$source"
    } | sha256sum | cut -d ' ' -f 1)
    [ -e "$marker" ] || printf '%s %s\n' "$marker" "$source"
  done < <(tidy_sources)
}

lint_tidy() {
  compile release || return 1 # makes the generated headers, compile_commands.json and ninja's list of includes
  # shellcheck disable=SC2016  # bash -c expands it: $0 is the marker, $1 the source
  tidy_todo | xargs -r -P "$(nproc)" -n 2 \
    bash -c 'clang-tidy '"${tidy_options[*]}"' "$1" && : >"$0"' 2>&1 |
    { grep -vE '^[0-9]+ warnings? (generated|and)|^Suppressed|^Use -header-filter|^\[[0-9]+/' || true; }
}

lint_shell() {
  { git ls-files '*.sh' && git grep -lE '^#!.*(ba)?sh' -- ':!*.sh'; } | sort -u | xargs -r shellcheck -x
}

lint_compose() { docker-compose -f docker-compose.yml config -q; }

lint_monitoring() {
  local folder=config/monitoring queries=build/dashboard.rules.yml
  mkdir -p build
  /usr/bin/python3 tools/dev/check_monitoring.py >$queries || return 1 # Debian's python, which has python3-yaml
  promtool check config $folder/prometheus.yml && promtool check rules $queries &&
    promtool test rules $folder/eddy.rules.test.yml $folder/eddy.drift.test.yml
}

lint_headers() { compile release all_verify_interface_header_sets; }

dev_lint() {
  if want_help "$@"; then
    lint_help
    return
  fi
  local step steps=("$@") failed=()
  [ $# -gt 0 ] || steps=(format shell compose monitoring headers tidy)
  for step in "${steps[@]}"; do
    case $step in format | tidy | shell | compose | monitoring | headers) ;; *) fail "lint: unknown step '$step'; see ./dev lint --help" ;; esac
  done
  require lint
  for step in "${steps[@]}"; do
    say "lint: $step"
    ("lint_$step") || failed+=("$step")
  done
  [ ${#failed[@]} -eq 0 ] || say "lint: failed: ${failed[*]}"
  echo "$((${#steps[@]} - ${#failed[@]})) passed, ${#failed[@]} failed, 0 skipped"
  [ ${#failed[@]} -eq 0 ]
}
