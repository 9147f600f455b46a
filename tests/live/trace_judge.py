"""MLflow's own reader as the judge of trace JSON.

    python trace_judge.py

Reads one document per line, each a JSON string, and answers each with one line: `{"trace": {…}}`, what MLflow sees in it in a
form without spellings, or `{"why": text}` if it refuses it, or cannot write again what it took.
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

from mlflow.entities import Trace  # noqa: E402


def decoded(value):
    """As a span decodes an attribute, but for what is empty or zero, which it takes for nothing."""
    try:
        return json.loads(value)
    except Exception:
        return value


def assessment(given):
    kind = "expectation" if given.expectation else "feedback" if given.feedback else "issue"
    value = getattr(given, kind)
    error = given.feedback.error if given.feedback else None
    return {
        "id": given.assessment_id, "name": given.name, "kind": kind,
        "value": value.issue_name if kind == "issue" else value.value,
        "source": [given.source.source_type, given.source.source_id],
        "rationale": given.rationale, "span": given.span_id,
        "created": given.create_time_ms, "updated": given.last_update_time_ms,
        "counts": given.valid in (True, None), "overrides": given.overrides,
        "error": error.error_code if error else None,
    }


def span(given):
    written = given.to_dict()
    written["attributes"] = {key: decoded(value) for key, value in written["attributes"].items()}
    # From 3.18 on; a span that does not say is internal.
    if written.get("kind") == "SPAN_KIND_INTERNAL":
        del written["kind"]
    return written


def seen(trace):
    info = trace.info
    return {
        "id": info.trace_id, "client": info.client_request_id, "state": info.state.value,
        "location": info.trace_location.to_dict(),
        "time": info.request_time, "duration": info.execution_duration,
        "request": info.request_preview, "response": info.response_preview,
        # As they are written to a server.
        "metadata": {key: str(value) for key, value in info.trace_metadata.items()},
        "tags": {key: str(value) for key, value in info.tags.items()},
        "assessments": [assessment(given) for given in info.assessments],
        "spans": [span(given) for given in trace.data.spans],
    }


def judge(text):
    try:
        trace = Trace.from_json(text)
        trace.to_json()
        return {"trace": seen(trace)}
    except Exception as error:
        return {"why": f"{type(error).__name__}: {error}"[:300]}


def main():
    sys.stdin.reconfigure(encoding="utf-8")
    for line in sys.stdin:
        ANSWERS.write(json.dumps(judge(json.loads(line))) + "\n")
        ANSWERS.flush()


if __name__ == "__main__":
    main()
