"""A supervisor for the tests to kill: starts the servers in argv[1], prints where and who they are, waits."""

import json
import os
import sys
import time
from pathlib import Path

from partnership_portal.children import Refused, Stopped, stop_if_asked, stop_on_signals
from partnership_portal.services import servers

try:
    with stop_on_signals(), servers(Path(sys.argv[1]), durable="durable" in sys.argv) as running:
        pids = {child.name: child.pid for child in running.children}
        print(json.dumps({"pid": os.getpid(), "pids": pids, **running.environment}), flush=True)
        while True:
            stop_if_asked()
            for child in running.children:
                child.tend(lambda text: print(text, file=sys.stderr, flush=True))
            time.sleep(0.05)
except Stopped:
    print(json.dumps({"stopped": True}))
except Refused as refusal:
    print(json.dumps({"refused": str(refusal)}))
