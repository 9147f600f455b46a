"""Does with MLflow's own client what the program does in a workspace of Databricks, and prints what came of it as JSON."""

import json
import sys

import mlflow
from mlflow.entities import AssessmentSource, AssessmentSourceType, Feedback
from mlflow.tracing.client import TracingClient


def work(place, trace_id):
    """Searches, reads, tags and judges in one place; returns what the client saw."""
    client = TracingClient()
    found = client.search_traces(locations=[place], filter_string="status = 'OK'", include_spans=False)
    trace = client.get_trace(trace_id)
    client.set_trace_tag(trace_id, "my key", "yes")
    client.delete_trace_tag(trace_id, "my key")
    source = AssessmentSource(source_type=AssessmentSourceType.HUMAN, source_id="jane")
    logged = client.log_assessment(trace_id, Feedback(name="correct", value=True, source=source))
    return {
        "found": [one.info.trace_id for one in found],
        "trace_id": trace.info.trace_id,
        "spans": len(trace.data.spans),
        "assessment": logged.assessment_id,
    }


def main():
    experiment_trace, catalog_trace = sys.argv[1:]
    mlflow.set_tracking_uri("databricks")
    experiment = mlflow.get_experiment_by_name("/Shared/e").experiment_id
    seen = {"experiment": work(experiment, experiment_trace), "catalog": work("main.agents", catalog_trace)}
    seen["deleted"] = TracingClient().delete_traces(experiment, trace_ids=[experiment_trace])
    json.dump(seen, sys.stdout)


main()
