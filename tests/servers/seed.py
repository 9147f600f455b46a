"""Log six traces of two spans to the experiment "app", with whichever version of MLflow this is.

    python seed.py TRACKING_URI

Their tag `env` is written in several ways, and the last one fails.
"""

import sys

import mlflow

VALUES = ["prod", "Prod", "dev", "prod", "PROD", "prod"]


@mlflow.trace(name="child", span_type="LLM")
def child(number):
    return number * 2


@mlflow.trace(name="agent")
def agent(number):
    mlflow.update_current_trace(tags={"env": VALUES[number], "n": str(number)})
    child(number)
    if number == len(VALUES) - 1:
        raise ValueError("boom")
    return {"number": number}


def main():
    mlflow.set_tracking_uri(sys.argv[1])
    mlflow.set_experiment("app")
    for number in range(len(VALUES)):
        try:
            agent(number)
        except ValueError:
            pass
    if hasattr(mlflow, "flush_trace_async_logging"):
        mlflow.flush_trace_async_logging()


if __name__ == "__main__":
    main()
