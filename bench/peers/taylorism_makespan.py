"""
What taylorism's own schedulers would make of a list of instructions: each is asked whenever a worker has ended, as taylorism's Boss does, by a
clock that costs nothing between the two. taylorism itself adds a loop of 10 ms waits to that (some 76 tasks a second at most).

stdin: {"scheduler": {...}, "instructions": [{"memory": MiB, "expected_time": s, "fileA": ..., "fileB": ...}, ...]}; stdout: s
"""

import heapq
import json
import sys

import footprints
import taylorism  # noqa: F401  (it collects the schedulers)

given = json.load(sys.stdin)
scheduler = footprints.proxy.scheduler(**given["scheduler"])
if scheduler is None:
    sys.exit("taylorism has no such scheduler")


class Worker:
    def __init__(self, instruction):
        self.memory = instruction["memory"]
        self.scheduler_ticket = instruction["scheduler_ticket"]
        self.fileA = instruction["fileA"]
        self.fileB = instruction["fileB"]


pending = given["instructions"]
workers = {}
ends = []
clock = 0.0
launched = 0
while pending or ends:
    if pending:
        launchable, pending = scheduler.launchable(pending, workers, {})
        for instruction in launchable:
            workers[launched] = Worker(instruction)
            heapq.heappush(ends, (clock + instruction["expected_time"], launched))
            launched += 1
        if not ends:
            sys.exit("nothing can be launched")
    clock, ended = heapq.heappop(ends)
    del workers[ended]
print(clock)
