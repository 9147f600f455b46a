#!/usr/bin/env bash
# Builds what is shipped, into target/packages: a static binary, a tarball with it, a wheel, a Debian package, and their
# checksums. `packaging/build.sh release` builds without link-time optimisation, which is faster and a third larger.
# Needs Rust, a C compiler, Python 3 and dpkg-deb.
set -euo pipefail
cd "$(dirname "$0")/.."

profile="${1:-dist}"
target="$(uname -m)-unknown-linux-gnu"
version="$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)"
name="mlflow-trace-$version-$(uname -m)-linux"
out="$PWD/target/packages"

# Static, so that it runs on any Linux, in an empty image, too.
export RUSTFLAGS="-C target-feature=+crt-static"
cargo build --locked --profile "$profile" --target "$target"
binary="target/$target/$profile/mlflow-trace"

rm -rf "$out" && mkdir -p "$out/$name/completions" "$out/$name/man"
cp "$binary" LICENSE README.md "$out/$name/"
cp completions/* "$out/$name/completions/"
"$binary" man --directory "$out/$name/man"
"$binary" man > "$out/$name/man/mlflow-trace.1"
python3 packaging/licences.py > "$out/$name/THIRD-PARTY-LICENCES.txt"

# The wheel takes the same build.
[ -x target/maturin/bin/maturin ] || { python3 -m venv target/maturin && target/maturin/bin/pip install -q "maturin>=1.9,<2" wheel; }
target/maturin/bin/maturin build --locked --profile "$profile" --target "$target" --compatibility manylinux2014 --out "$out"
# A static binary asks for no libc: the wheel is for musl (Alpine), too.
target/maturin/bin/wheel tags --remove --platform-tag "+musllinux_1_1_$(uname -m)" "$out"/*.whl > /dev/null
# Its bill of materials (CycloneDX) goes into every other package.
python3 - "$out"/*.whl > "$out/$name/mlflow-trace.cdx.json" <<'SBOM'
import json, sys, zipfile

wheel = zipfile.ZipFile(sys.argv[1])
(bill,) = (wheel.read(name).decode() for name in wheel.namelist() if "/sboms/" in name)
assert json.loads(bill)["components"]
print(bill)
SBOM
cp "$out/$name/mlflow-trace.cdx.json" "$out/$name.cdx.json"
tar -C "$out" --sort=name --owner=0 --group=0 --numeric-owner -czf "$out/$name.tar.gz" "$name"

deb="$(mktemp -d)"
trap 'rm -rf "$deb"' EXIT
install -D -m 755 "$binary" "$deb/usr/bin/mlflow-trace"
install -D -m 644 LICENSE "$deb/usr/share/doc/mlflow-trace/copyright"
install -D -m 644 completions/mlflow-trace.bash "$deb/usr/share/bash-completion/completions/mlflow-trace"
install -D -m 644 completions/_mlflow-trace "$deb/usr/share/zsh/vendor-completions/_mlflow-trace"
install -D -m 644 completions/mlflow-trace.fish "$deb/usr/share/fish/vendor_completions.d/mlflow-trace.fish"
mkdir -p "$deb/usr/share/man/man1" "$deb/DEBIAN"
for page in "$out/$name/man/"*.1; do gzip -9n < "$page" > "$deb/usr/share/man/man1/$(basename "$page").gz"; done
install -m 644 "$out/$name/THIRD-PARTY-LICENCES.txt" "$out/$name/mlflow-trace.cdx.json" "$deb/usr/share/doc/mlflow-trace/"
architecture="$(dpkg --print-architecture)"
cat > "$deb/DEBIAN/control" <<CONTROL
Package: mlflow-trace
Version: $version
Architecture: $architecture
Maintainer: The mlflow-trace maintainers <noreply@example.com>
Installed-Size: $(du -sk "$deb/usr" | cut -f1)
Section: utils
Priority: optional
Description: command line for MLflow traces
 Search, inspect, measure, tag, annotate, export and expire the traces on an MLflow tracking server, in its
 database, or in exported files.
CONTROL
dpkg-deb --root-owner-group --build "$deb" "$out/mlflow-trace_${version}_$architecture.deb" > /dev/null

rm -r "${out:?}/$name"
(cd "$out" && sha256sum -- *.tar.gz *.whl *.deb *.cdx.json > "SHA256SUMS-$(uname -m)" && ls -l && cat SHA256SUMS-*)
