"""Loads a model folder by transformers in bfloat16; prints time and memory as LoadOne.java does."""

import json
import sys
import threading
import time

import torch
import transformers


def status(field):
    for line in open("/proc/self/status"):
        if line.startswith(field + ":"):
            return int(line.split()[1]) << 10


torch.ones(64, 64) @ torch.ones(64, 64)
transformers.Gemma2ForCausalLM  # Its module is imported now, not while it is timed.
before = peak = status("RssAnon")
loading = True


def watch():
    global peak
    while loading:
        peak = max(peak, status("RssAnon"))
        time.sleep(0.005)


threading.Thread(target=watch, daemon=True).start()
start = time.monotonic()
model = transformers.AutoModelForCausalLM.from_pretrained(
    sys.argv[1], dtype=torch.bfloat16, low_cpu_mem_usage=True
)
seconds = time.monotonic() - start
# It maps the weights, and reads them when they are first used: so they are used once.
read = time.monotonic()
for parameter in model.parameters():
    parameter.sum()
read = time.monotonic() - read
loading = False
assert next(model.parameters()).dtype == torch.bfloat16
versions = transformers.__version__, torch.__version__
print("transformers %s, torch %s, weights read in %.2f s" % (*versions, read), file=sys.stderr)
peak = max(peak, status("RssAnon"))
print(json.dumps({"seconds": seconds, "added": peak - before, "highWaterMark": status("VmHWM")}))
