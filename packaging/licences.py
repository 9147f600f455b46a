"""Prints the licences of everything that is linked into the binary, from the sources that cargo has."""

import json
import pathlib
import subprocess

metadata = json.loads(subprocess.check_output(["cargo", "metadata", "--format-version", "1", "--locked"]))
own = set(metadata["workspace_members"])
packages = {package["id"]: package for package in metadata["packages"]}
nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}

# What is only run while the program is built or tested is not in it.
linked, waiting = set(), list(own)
while waiting:
    node = nodes[waiting.pop()]
    for dependency in node["deps"]:
        is_linked = any(kind["kind"] is None for kind in dependency["dep_kinds"])
        if is_linked and dependency["pkg"] not in linked:
            linked.add(dependency["pkg"])
            waiting.append(dependency["pkg"])

texts = {}
for package in sorted((packages[id] for id in linked - own), key=lambda package: package["name"]):
    name = f"{package['name']} {package['version']}"
    print(f"{name}: {package['license'] or 'see below'} {package['repository'] or ''}")
    for file in sorted(pathlib.Path(package["manifest_path"]).parent.iterdir()):
        if file.is_file() and file.name.upper().startswith(("LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE")):
            texts.setdefault(file.read_text(errors="replace").strip(), []).append(name)
for text, names in texts.items():
    print("\n" + "=" * 100 + "\n" + ", ".join(names) + "\n\n" + text)
