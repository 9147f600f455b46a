"""Databases as every revision of MLflow's schema has left them, each with one experiment and one trace.

    python revisions.py DIRECTORY

Writes DIRECTORY/REVISION.db for each revision that has the tables of traces, oldest first, and prints their names.
"""

import logging
import os
import sys

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
logging.disable(logging.WARNING)

import sqlalchemy  # noqa: E402
from alembic import command  # noqa: E402
from alembic.script import ScriptDirectory  # noqa: E402
from mlflow.store.db.utils import _get_alembic_config  # noqa: E402
from mlflow.store.tracking.dbmodels.initial_models import Base as InitialBase  # noqa: E402

FIRST = "867495a8f9d4"
TRACE = """
    INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time)
        VALUES (1, 'shop', '/art', 'active', 1, 1);
    INSERT INTO trace_info (request_id, experiment_id, timestamp_ms, execution_time_ms, status)
        VALUES ('tr-1', 1, 1700000000000, 5, 'OK');
    INSERT INTO trace_tags ("key", value, request_id) VALUES ('mlflow.traceName', 'agent', 'tr-1'), ('env', 'prod', 'tr-1');
    INSERT INTO trace_request_metadata ("key", value, request_id) VALUES ('mlflow.trace.session', 's-1', 'tr-1'),
        ('mlflow.trace.tokenUsage', '{"input_tokens": 1, "output_tokens": 2, "total_tokens": 3}', 'tr-1')"""


def database(path):
    engine = sqlalchemy.create_engine("sqlite:///" + path)
    return engine, _get_alembic_config("sqlite:///" + path)


def main():
    directory = sys.argv[1]
    path = os.path.join(directory, "growing.db")
    engine, config = database(path)
    InitialBase.metadata.create_all(engine)
    revisions = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()][::-1]
    for revision in revisions:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
        if revision == FIRST:
            with engine.begin() as connection:
                for statement in TRACE.split(";"):
                    connection.execute(sqlalchemy.text(statement.replace(":", "\\:")))
        if revisions.index(revision) >= revisions.index(FIRST):
            with open(path, "rb") as grown, open(os.path.join(directory, revision + ".db"), "wb") as copy:
                copy.write(grown.read())
            print(revision)


if __name__ == "__main__":
    main()
