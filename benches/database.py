"""Compares reading a database without a server with MLflow's own client on the same database.

    python benches/database.py [--base store.db] [--runs 3] [--binary target/dist/mlflow-trace]

Needs what compare.py needs. `--base` is a store of 20,000 traces as compare.py seeds it (`--database`). The larger one is made from
it as in walk.py; the client, which counts the rows before each page anew, reads only the small one.
"""

import argparse
import os
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import compare  # noqa: E402
import walk  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", help="a store of 20,000 traces; made if it does not exist")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--binary", default="target/dist/mlflow-trace")
    arguments = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="mlflow-trace-bench-")
    base = os.path.abspath(arguments.base or os.path.join(folder, "mlflow.db"))
    try:
        if not os.path.exists(base):
            compare.seed(base, walk.COUNT)

        def ours(path, *words):
            return [arguments.binary, "-u", "sqlite:///" + path, "-x", "bench", *words]

        contenders = {
            "mlflow-trace": ours(base, "search", "--all", "-o", "jsonl"),
            "MlflowClient.search_traces": [sys.executable, "-c", compare.SDK_SEARCH, "sqlite:///" + base, "1"],
        }
        compare.show(f"every one of {walk.COUNT} traces of a SQLite database", compare.in_turn(contenders, arguments.runs))
        deep = os.path.join(folder, "deep.db")
        walk.multiply(base, deep, walk.DEPTH)
        questions = {
            "search": ours(deep, "search", "--all", "-o", "jsonl"),
            "check": ours(deep, "check", "--max-error-rate", "50%", "--min-count", "50"),
            "diff": ours(deep, "diff", f"timestamp_ms < {walk.FIRST_MS}", f"timestamp_ms >= {walk.FIRST_MS}"),
            "stats": ours(deep, "stats", "--by", "name", "--every", "1h", "-o", "json"),
            "sessions": ours(deep, "sessions", "list", "--limit", "0", "-o", "json"),
            "keys": ours(deep, "keys", "-o", "json"),
        }
        results = compare.in_turn(questions, arguments.runs)
        print(f"\n{walk.COUNT * walk.DEPTH} traces")
        for name, result in results.items():
            ratio = result["wall"] / results["search"]["wall"]
            print(f"  {name:10} wall {result['wall']:7.2f} s   peak {result['mb']:6.1f} MB   {ratio:.2f} of the search")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
