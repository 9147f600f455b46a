"""Ask DuckDB many WHERE clauses.

    python ask_duckdb.py FILE.parquet QUESTIONS.jsonl

Each line of QUESTIONS is a clause as a JSON string; each line printed is the list of ids, or an object with the error.
"""

import json
import sys

import duckdb


def main():
    file, questions = sys.argv[1:]
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE traces AS SELECT * FROM read_parquet('{file}')")
    with open(questions, encoding="utf-8") as lines:
        for line in lines:
            try:
                rows = connection.execute(f"SELECT trace_id FROM traces WHERE {json.loads(line)}").fetchall()
                print(json.dumps(sorted(row[0] for row in rows)))
            except duckdb.Error as error:
                print(json.dumps({"error": str(error)}))


main()
