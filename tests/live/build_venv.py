"""Create the virtual environment of the live suite, once.

    python build_venv.py DIRECTORY REQUIREMENTS [MLFLOW_VERSION]

Another version of MLflow than the required one is put over it, without its dependencies.
Several test processes may ask at once: the first one builds while the others wait for its lock. A build that was
interrupted leaves no `.complete` file behind and is started over.
"""

import os
import shutil
import subprocess
import sys
import time
import venv

STALE_SECONDS = 30 * 60


class Lock:
    """A lock that the operating system releases when its holder dies; a plain lock file where there is none."""

    def __init__(self, path):
        self.path = path

    def __enter__(self):
        try:
            import fcntl
        except ImportError:
            self._wait_for_file()
        else:
            self.file = open(self.path, "w")
            fcntl.flock(self.file, fcntl.LOCK_EX)

    def _wait_for_file(self):
        self.file = None
        while True:
            try:
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL))
                return
            except FileExistsError:
                if time.time() - os.path.getmtime(self.path) > STALE_SECONDS:
                    os.remove(self.path)
                time.sleep(0.5)

    def __exit__(self, *_):
        if self.file is None:
            os.remove(self.path)
        else:
            self.file.close()


def main():
    directory, requirements, *other = sys.argv[1:]
    complete = os.path.join(directory, ".complete")
    with Lock(directory + ".lock"):
        if os.path.exists(complete):
            return
        shutil.rmtree(directory, ignore_errors=True)
        venv.create(directory, with_pip=True)
        python = os.path.join(directory, "Scripts" if os.name == "nt" else "bin", "python")
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--requirement", requirements], check=True)
        for version in other:
            subprocess.run([*pip, "--no-deps", f"mlflow=={version}"], check=True)
        open(complete, "w").close()


if __name__ == "__main__":
    main()
