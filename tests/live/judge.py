"""MLflow's own parser and store as the judge of filters.

    python judge.py DATABASE

Reads one filter per line, each a JSON string, and answers each with one line. For an accepted one that is
`{"verdict": "accept", "ids": […], "clauses": [{"key", "operator", "value"}, …]}`: the sorted ids of the traces of
experiment 1 that match, and what the parser took for keys and values. Otherwise it is `{"verdict": "reject" | "error", "why": text}`: MLflow rejects
what it does not like and fails with some other error on what it did not expect.
"""

import json
import logging
import os
import sys
import warnings

warnings.filterwarnings("ignore")
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("DO_NOT_TRACK", "true")
logging.disable(logging.CRITICAL)

# Answers go to the real standard output; whatever MLflow prints must not get between them.
ANSWERS, sys.stdout = sys.stdout, sys.stderr

from mlflow.exceptions import MlflowException  # noqa: E402
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore  # noqa: E402
from mlflow.utils.search_utils import SearchTraceUtils  # noqa: E402

MORE_THAN_ALL = 500


def judge(store, text):
    try:
        traces, token = store.search_traces(locations=["1"], filter_string=text, max_results=MORE_THAN_ALL)
    except MlflowException as error:
        verdict = "reject" if error.error_code == "INVALID_PARAMETER_VALUE" else "error"
        return {"verdict": verdict, "why": error.message}
    except Exception as error:
        return {"verdict": "error", "why": f"{type(error).__name__}: {error}"}
    assert token is None
    parsed = SearchTraceUtils.parse_search_filter_for_search_traces(text)
    clauses = [
        # Numbers are left out: JSON has no infinity.
        {"key": clause["key"], "operator": clause["comparator"], "value": value if isinstance(value, (str, tuple)) else None}
        for clause in parsed
        for value in [clause["value"]]
    ]
    return {"verdict": "accept", "ids": sorted(trace.trace_id for trace in traces), "clauses": clauses}


def main():
    sys.stdin.reconfigure(encoding="utf-8")
    store = SqlAlchemyStore("sqlite:///" + sys.argv[1], "mlflow-artifacts:/")
    for line in sys.stdin:
        answer = judge(store, json.loads(line))
        if why := answer.get("why"):
            answer["why"] = why[:500]
        ANSWERS.write(json.dumps(answer) + "\n")
        ANSWERS.flush()


if __name__ == "__main__":
    main()
