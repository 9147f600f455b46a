"""What MLflow's own client reads of the filter corpus in a database, one trace with its spans a line.

    python read.py DATABASE_URI
"""

import json
import logging
import os
import sys

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("DO_NOT_TRACK", "true")
logging.disable(logging.WARNING)

from mlflow import MlflowClient  # noqa: E402

client = MlflowClient(sys.argv[1])
experiment = client.get_experiment_by_name("corpus").experiment_id
for found in client.search_traces(locations=[experiment], max_results=500, include_spans=False):
    info = found.info
    # What it makes of them in JSON is cut, what it has read is not.
    whole = {"trace_metadata": info.trace_metadata, "tags": info.tags}
    print(json.dumps({**info.to_dict(), **{key: value for key, value in whole.items() if value}}))
