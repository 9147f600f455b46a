"""Validates what `retention schedule --format kubernetes` prints against the schemas of Kubernetes."""

import os
import subprocess
import sys
import tempfile

import kubernetes_validate
import yaml

POLICY = """[[rule]]
name = "old"
experiments = ["*"]
keep_within = "30d"
archive_to = "{}"
"""

folder = tempfile.mkdtemp()
certificate = os.path.join(folder, "ca.pem")
open(certificate, "w").close()
kinds = 0
for archive in ["s3://bucket/old", "/srv/old"]:
    policy = os.path.join(folder, "retention.toml")
    with open(policy, "w") as file:
        file.write(POLICY.format(archive))
    for more in ([], ["--metrics-file", "/var/metrics/x.prom", "--token-file", "/run/token"]):
        command = [sys.argv[1], "-u", "https://mlflow:5000", "retention", "schedule", "--format", "kubernetes"]
        environment = {"PATH": os.environ["PATH"], "MLFLOW_TRACKING_SERVER_CERT_PATH": certificate}
        printed = subprocess.run([*command, "--image", "a/b:1", "--policy", policy, *more], env=environment, check=True, capture_output=True, text=True)
        for document in filter(None, yaml.safe_load_all(printed.stdout)):
            for version in ["1.27", "1.37"]:
                kubernetes_validate.validate(document, version, strict=True)
            kinds += 1
print(f"{kinds} objects are valid")
