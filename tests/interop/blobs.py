#!/usr/bin/env python3
"""Exports to an emulator of Azure Blob Storage: parts with their manifest, and one object, read back with Azure's own client.

Needs PyPI's azure-storage-blob, and Node.js with npm, from which Azurite is installed into FOLDER the first time.

    python tests/interop/blobs.py target/debug/mlflow-trace FOLDER
"""

import gzip
import hashlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time

from azure.storage.blob import BlobServiceClient

# The account that Azurite has for everybody.
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
VERSION = "3"


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def start(folder):
    program = os.path.join(folder, "node_modules/.bin/azurite-blob")
    if not os.path.exists(program):
        os.makedirs(folder, exist_ok=True)
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", f"azurite@{VERSION}"], cwd=folder, check=True)
    port = free_port()
    command = [program, "--silent", "--disableTelemetry", "--inMemoryPersistence", "--skipApiVersionCheck", "--blobHost", "127.0.0.1", "--blobPort", str(port)]
    server = subprocess.Popen(command, cwd=folder)
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return server, f"http://127.0.0.1:{port}/{ACCOUNT}"
        except OSError:
            time.sleep(0.2)
    raise SystemExit("Azurite does not start")


def main():
    program, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
    server, endpoint = start(folder)
    try:
        check(program, endpoint)
    finally:
        server.terminate()
        server.wait()
    print("ok")


def check(program, endpoint):
    connection = f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={KEY};BlobEndpoint={endpoint};"
    container = BlobServiceClient.from_connection_string(connection).create_container("archive")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": tempfile.mkdtemp(),
        "AZURE_STORAGE_ACCOUNT_NAME": ACCOUNT,
        "AZURE_STORAGE_ACCOUNT_KEY": KEY,
        "AZURE_STORAGE_ENDPOINT": endpoint,
        "AZURE_ALLOW_HTTP": "true",
    }

    def run(*arguments, code=0, **changed):
        command = [program, "-u", "demo", *arguments]
        ended = subprocess.run(command, env={**environment, **changed}, capture_output=True, text=True, timeout=120)
        assert ended.returncode == code, (arguments, ended.returncode, ended.stderr)
        return ended.stdout + ended.stderr

    def read(name):
        return container.download_blob(name).readall()

    expected = run("search", "--all", "-o", "ids", "-q").split()
    print(run("export", "az://archive/whole/", "--spans", "--split", "20").strip())
    manifest = json.loads(read("whole/manifest.json"))
    ids = []
    for part in manifest["parts"]:
        data = read("whole/" + part["path"])
        assert hashlib.sha256(data).hexdigest() == part["sha256"] and len(data) == part["bytes"], part
        text = gzip.decompress(data) if part["path"].endswith(".gz") else data
        ids += [json.loads(line)["info"]["trace_id"] for line in text.splitlines()]
    assert manifest["complete"] and sorted(ids) == sorted(expected) and len(manifest["parts"]) > 2, (len(ids), manifest)
    before = {blob.name: blob.etag for blob in container.list_blobs()}
    print(run("export", "az://archive/whole", "--spans", "--split", "20").strip())
    assert {blob.name: blob.etag for blob in container.list_blobs()} == before, "what is whole is not written again"
    print(run("export", "az://archive/one/traces.jsonl.gz").strip())
    lines = gzip.decompress(read("one/traces.jsonl.gz")).splitlines()
    assert sorted(json.loads(line)["info"]["trace_id"] for line in lines) == sorted(expected)
    refused = run("export", "az://archive/other/", code=4, AZURE_STORAGE_ACCOUNT_KEY="bm90IHRoZSBrZXk=")
    assert "Server failed to authenticate the request" in refused and "AZURE_STORAGE_ACCOUNT_KEY" in refused, refused
    assert not list(container.list_blobs("other/"))


if __name__ == "__main__":
    main()
