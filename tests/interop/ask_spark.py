"""Ask Spark, in this process, many WHERE clauses.

    python ask_spark.py FILE.parquet QUESTIONS.jsonl

Each line of QUESTIONS is a clause as a JSON string; each line printed is the list of ids, or an object with the error.
"""

import json
import sys

from pyspark.sql import SparkSession


def main():
    file, questions = sys.argv[1:]
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.sql.session.timeZone", "America/New_York")
        # Compiling thousands of short queries takes longer than running them.
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    session.read.parquet(file).coalesce(1).createOrReplaceTempView("traces")
    session.sql("CACHE TABLE traces")
    with open(questions, encoding="utf-8") as lines:
        for line in lines:
            try:
                rows = session.sql(f"SELECT trace_id FROM traces WHERE {json.loads(line)}").collect()
                print(json.dumps(sorted(row[0] for row in rows)))
            except Exception as error:  # noqa: BLE001 - every failure of an engine is an answer
                print(json.dumps({"error": str(error)[:600]}))


main()
