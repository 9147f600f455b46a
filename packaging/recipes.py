"""Writes the Homebrew formula and the conda recipe of a release, from the checksums of its packages.

    python3 packaging/recipes.py OWNER/REPOSITORY SOURCE.tar.gz SHA256SUMS... --out FOLDER

SOURCE.tar.gz is the archive of the tag as the host of the repository serves it. The formula installs the static binaries, and conda-forge
builds from source, as its rules ask.
"""

import argparse
import hashlib
import pathlib
import re
import string

HERE = pathlib.Path(__file__).parent


def version():
    text = (HERE.parent / "Cargo.toml").read_text()
    return re.search(r'^version = "(.+)"$', text, re.MULTILINE).group(1)


def checksums(files):
    """By architecture, the SHA-256 of the tarballs."""
    found = {}
    for file in files:
        for line in pathlib.Path(file).read_text().splitlines():
            digest, name = line.split()
            match = re.fullmatch(r"mlflow-trace-.+-(\w+)-linux\.tar\.gz", name.lstrip("*"))
            if match:
                found[match.group(1)] = digest
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository")
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("sums", nargs="+")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    given = parser.parse_args()
    sums = checksums(given.sums)
    missing = {"x86_64", "aarch64"} - set(sums)
    if missing:
        raise SystemExit(f"no tarball for {', '.join(sorted(missing))} in {', '.join(given.sums)}")
    values = {
        "version": version(),
        "repository": given.repository,
        "source_sha256": hashlib.sha256(given.source.read_bytes()).hexdigest(),
        **{f"{architecture}_sha256": digest for architecture, digest in sums.items()},
    }
    given.out.mkdir(parents=True, exist_ok=True)
    for template in [HERE / "homebrew/mlflow-trace.rb.in", HERE / "conda/recipe.yaml.in"]:
        text = string.Template(template.read_text()).substitute(values)
        (given.out / template.stem).write_text(text)
        print(given.out / template.stem)


if __name__ == "__main__":
    main()
