#!/usr/bin/env bash
# Installs each package of target/packages where nothing else is, uses it, and removes it again. Needs root for the empty root.
# With MLFLOW_TRACKING_URI and MLFLOW_EXPERIMENT_NAME in the environment, that server is asked, too.
set -euo pipefail
cd "$(dirname "$0")/../target/packages"
sha256sum --quiet -c SHA256SUMS-*
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# The first search of somebody who has just installed it.
search() {
    "$@" -u demo search "status = 'ERROR'" -o ids --limit 3 | grep -c '^tr-' | grep -qx 3
    [ -z "${MLFLOW_TRACKING_URI:-}" ] || echo "  traces on $MLFLOW_TRACKING_URI: $("$@" count -q)"
}

echo "wheel: an empty virtual environment"
python3 -m venv "$work/venv"
started=$(date +%s%N)
"$work/venv/bin/pip" install -q --no-index ./*.whl
echo "  installed in $((($(date +%s%N) - started) / 1000000)) ms"
search "$work/venv/bin/mlflow-trace"
"$work/venv/bin/python" -m zipfile -l ./*.whl | grep -q 'sboms/' && echo "  with a bill of materials"
"$work/venv/bin/pip" uninstall -q -y mlflow-trace
[ ! -e "$work/venv/bin/mlflow-trace" ]

echo "tarball: an empty root"
mkdir "$work/empty"
tar -C "$work/empty" --strip-components 1 -xzf ./*.tar.gz
search chroot "$work/empty" /mlflow-trace
[ -s "$work/empty/THIRD-PARTY-LICENCES.txt" ] && [ -s "$work/empty/mlflow-trace.cdx.json" ] && [ -s "$work/empty/man/mlflow-trace-search.1" ]
# A name that does not exist is looked up and not found: exit code 5, and no crash of a static binary.
code=0
chroot "$work/empty" /mlflow-trace -u http://no-such-host.invalid count -x a --timeout 5 > "$work/out" 2>&1 || code=$?
[ "$code" = 5 ] || { cat "$work/out"; exit 1; }
# Where the machine names no authority, Mozilla's are trusted: a server whose certificate none of them signed is refused for that.
if command -v openssl > /dev/null; then
    openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/key.pem" -out "$work/cert.pem" -days 2 -subj /CN=localhost 2> /dev/null
    openssl s_server -accept 127.0.0.1:38443 -key "$work/key.pem" -cert "$work/cert.pem" -quiet > /dev/null 2>&1 &
    server=$!
    sleep 1
    env -i PATH="$PATH" chroot "$work/empty" /mlflow-trace -u https://127.0.0.1:38443 count -x a > "$work/out" 2>&1 || true
    kill "$server"
    grep -q "not signed by an authority that this machine trusts" "$work/out" || { cat "$work/out"; exit 1; }
fi

echo "Debian package: a database of its own"
mkdir -p "$work/deb/var/lib/dpkg/updates" "$work/deb/var/lib/dpkg/info"
: > "$work/deb/var/lib/dpkg/status"
dpkg --root="$work/deb" --log=/dev/null --force-not-root --force-script-chrootless -i ./*.deb > "$work/out" 2>&1 || { cat "$work/out"; exit 1; }
search "$work/deb/usr/bin/mlflow-trace"
[ -s "$work/deb/usr/share/doc/mlflow-trace/mlflow-trace.cdx.json" ]
gzip -t "$work/deb/usr/share/man/man1/"mlflow-trace{,-search,-tag-set}.1.gz
dpkg --root="$work/deb" --log=/dev/null --force-not-root --force-script-chrootless --purge mlflow-trace > "$work/out" 2>&1 || { cat "$work/out"; exit 1; }
[ ! -e "$work/deb/usr/bin/mlflow-trace" ]
if command -v buildah > /dev/null; then
    echo "image: the binary alone, as nobody in particular"
    mkdir "$work/context"
    cp "$work/empty/mlflow-trace" "$work/empty/LICENSE" "$work/empty/mlflow-trace.cdx.json" "$work/context/"
    images() { buildah --root "$work/images" --runroot "$work/images-run" --storage-driver vfs "$@"; }
    images build -q --isolation chroot -f ../../packaging/Dockerfile --build-arg BINARY=mlflow-trace --build-arg SBOM=mlflow-trace.cdx.json -t mlflow-trace "$work/context" > /dev/null
    container="$(images from mlflow-trace)"
    there=()
    [ -z "${MLFLOW_TRACKING_URI:-}" ] || there=(--env "MLFLOW_TRACKING_URI=$MLFLOW_TRACKING_URI" --env "MLFLOW_EXPERIMENT_NAME=$MLFLOW_EXPERIMENT_NAME")
    search images run --isolation chroot "${there[@]}" "$container" -- /mlflow-trace
    images run --isolation chroot "$container" -- /mlflow-trace -u demo count > /dev/null
    [ -s "$(images mount "$container")/mlflow-trace.cdx.json" ]
    images rm "$container" > /dev/null
else
    echo "image: left out, there is no buildah"
fi
echo "recipes: Homebrew and conda"
# As if both architectures were here, and the checkout were the source.
sed 's/-[a-z0-9_]*-linux/-x86_64-linux/' SHA256SUMS-* > "$work/x86_64"
sed 's/-[a-z0-9_]*-linux/-aarch64-linux/' SHA256SUMS-* > "$work/aarch64"
tar -C ../../packaging -czf "$work/source.tar.gz" .
python3 ../../packaging/recipes.py owner/mlflow-trace "$work/source.tar.gz" "$work/x86_64" "$work/aarch64" --out "$work/recipes" > /dev/null
sum="$(sha256sum ./*.tar.gz | cut -d ' ' -f 1)"
[ "$(grep -c "$sum" "$work/recipes/mlflow-trace.rb")" = 2 ]
if command -v ruby > /dev/null; then
    ruby -c "$work/recipes/mlflow-trace.rb" > /dev/null
    ruby -ryaml -e 'exit YAML.load_file(ARGV[0])["package"]["name"] == "mlflow-trace"' "$work/recipes/recipe.yaml"
fi

echo "all packages work"
