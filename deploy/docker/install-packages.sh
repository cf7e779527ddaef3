#!/bin/sh
# Installs the packages of package-lock.json for Linux on the given architecture (Docker's name for it),
# from any build machine, and deletes what no program reads at run time.
#
#   install-packages.sh amd64|arm64        in the folder of package.json
set -eu

case "${1:-$(node -p process.arch)}" in
  amd64 | x64) cpu=x64 ;;
  arm64) cpu=arm64 ;;
  *)
    echo "There are no builds of sharp and ONNX Runtime for the architecture $1." >&2
    exit 2
    ;;
esac

npm ci --omit=dev --ignore-scripts --os=linux --cpu=$cpu --libc=glibc --no-audit --no-fund

# Types, source maps, readmes; what a licence asks to be kept stays.
find node_modules -type f ! -iname '*licen[sc]e*' ! -iname '*notice*' ! -iname '*copying*' \( \
  -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.map' -o -iname '*.md' \
  \) -delete
rm -rf node_modules/@types node_modules/.package-lock.json
# The page of /docs loads the bundle; these are for other bundlers.
rm -f node_modules/swagger-ui-dist/swagger-ui-es-bundle*.js node_modules/swagger-ui-dist/swagger-ui.js
# ONNX Runtime brings its library for every system.
find node_modules -path '*/onnxruntime-node/bin/napi-v*/*/*' -prune ! -path "*/linux/$cpu" -exec rm -rf {} +
find node_modules -type d -empty -delete
