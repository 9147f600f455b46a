"""Runs a command on a terminal of so many columns and lines: terminal.py COLUMNS LINES KEYS COMMAND...

KEYS (with escapes such as \\x03) are typed one by one once nothing more comes for TERMINAL_PAUSE seconds. What the terminal shows goes to standard output, and the
exit code is that of the command.
"""

import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time

PAUSE = float(os.environ.get("TERMINAL_PAUSE", "1"))
columns, lines, keys, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:]
keys = list(keys.encode().decode("unicode_escape").encode())
ready, go = os.pipe()
child, terminal = pty.fork()
if child == 0:
    os.close(go)
    os.read(ready, 1)  # until the terminal has its size
    os.execvp(command[0], command)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
os.write(go, b"!")
end = time.monotonic() + 60
while time.monotonic() < end:
    if select.select([terminal], [], [], PAUSE if keys else 10.0)[0]:
        try:
            shown = os.read(terminal, 65536)
        except OSError:
            break
        if not shown:
            break
        sys.stdout.buffer.write(shown.replace(b"\r\n", b"\n"))
    elif keys:
        os.write(terminal, bytes([keys.pop(0)]))
else:
    os.kill(child, 9)
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) % 256)
