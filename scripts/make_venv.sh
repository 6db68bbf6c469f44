#!/bin/sh
# Makes the virtual environment, or says in one sentence why it cannot.
python=$1
venv=$2
if ! command -v "$python" >/dev/null 2>&1; then
  echo "alur: Python 3.11 or newer is needed, and '$python' is not installed." >&2
  exit 4
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "alur: Python 3.11 or newer is needed; '$python' is $("$python" -c 'import platform; print(platform.python_version())')." >&2
  exit 4
fi
if ! "$python" -m venv "$venv" >/dev/null 2>&1; then
  echo "alur: '$python' cannot make a virtual environment; on Debian install the package python3-venv." >&2
  rm -rf "$venv"
  exit 4
fi
