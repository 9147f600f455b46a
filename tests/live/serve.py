"""Run an MLflow tracking server for as long as standard input stays open.

    python serve.py DIRECTORY PORT [--keep] [OPTION OF THE SERVER …]

The test process holds the other end of the pipe, so the server goes away with it however it ends. Everything lives in
DIRECTORY (`mlflow.db`, artifacts, `server.log`), which is removed at the end unless --keep is given.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading

QUIET = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    # No scheduled jobs: they would only cost processes and time.
    "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
    "PYTHONUNBUFFERED": "1",
}


def stop(server):
    """Ends the server and everything it started; it leads a process group of its own."""
    for sign, patience in ((signal.SIGTERM, 3), (signal.SIGKILL, 3)):
        try:
            os.killpg(server.pid, sign)
            server.wait(patience)
        except (ProcessLookupError, PermissionError):
            return
        except subprocess.TimeoutExpired:
            pass


def main():
    directory, port = sys.argv[1:3]
    command = [
        *(sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", port, "--workers", "1"),
        *("--backend-store-uri", "sqlite:///" + os.path.join(directory, "mlflow.db")),
        *("--artifacts-destination", os.path.join(directory, "artifacts")),
        *(option for option in sys.argv[3:] if option != "--keep"),
    ]
    with open(os.path.join(directory, "server.log"), "ab") as log:
        server = subprocess.Popen(
            command,
            cwd=directory,
            env={**os.environ, **QUIET},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    ended = threading.Event()

    def end_with_the_tests():
        while sys.stdin.buffer.read(4096):
            pass
        ended.set()

    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, lambda *_: ended.set())
    threading.Thread(target=end_with_the_tests, daemon=True).start()
    while server.poll() is None:
        if ended.wait(0.1):
            stop(server)
            if "--keep" not in sys.argv:
                shutil.rmtree(directory, ignore_errors=True)
            os._exit(0)
    # It ended by itself. The directory stays: whoever waits for the server wants to read its log.
    os._exit(server.returncode or 1)


if __name__ == "__main__":
    main()
