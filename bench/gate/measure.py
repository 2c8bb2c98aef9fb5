"""Runs a command as a whole cold process: python measure.py COMMAND... -> {"wall", "cpu", "peakMb", "code", "output"}"""

import json
import os
import subprocess
import sys
import time

started = time.perf_counter()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)
output = child.stdout.read()
_, status, usage = os.wait4(child.pid, 0)
print(
    json.dumps(
        {
            "wall": time.perf_counter() - started,
            "cpu": usage.ru_utime + usage.ru_stime,
            "peakMb": usage.ru_maxrss / 1024,
            "code": os.waitstatus_to_exitcode(status),
            "output": output.decode("utf8", "replace"),
        }
    )
)
