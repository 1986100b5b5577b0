"""Carries out the Bosses of the demo by the generated client: demo.py URL FILE…; prints what came of them as JSON."""

import json
import sys

import taylord_client as taylord
from taylord_client.exceptions import ApiException, ConflictException

url, *files = sys.argv[1:]

with taylord.ApiClient(taylord.Configuration(host=url)) as client:
    bosses, instructions = taylord.BossesApi(client), taylord.InstructionsApi(client)
    signals, reports = taylord.SignalsApi(client), taylord.ReportsApi(client)

    # all of it at once
    brotli = bosses.create_boss(
        taylord.NewBoss(
            name="brotli",
            scheduler={"limit": "threads", "max_threads": 2, "binded": True},
            common_instructions={"kind": "brotli"},
            individual_instructions={"path": files},
            end=True,
        )
    )
    # step by step
    digests = bosses.create_boss(taylord.NewBoss(name="sha256sum", start=False))
    appended = instructions.append_instructions(
        str(digests.id),
        taylord.Append(instructions=[{"kind": "command", "program": "sha256sum", "args": [file]} for file in files]),
    )
    assert bosses.get_boss("sha256sum").counts.pending == appended.count == len(files)
    signals.work("sha256sum")
    ended = signals.end("sha256sum")
    assert ended.ending and ended.status in (taylord.BossStatus.ENDING, taylord.BossStatus.FINISHED), ended

    def report(boss):
        while True:
            try:
                return reports.get_report(str(boss.id), interim=False, prefer="wait=60")
            except ConflictException as refusal:  # it takes longer than that
                assert refusal.data.code == "boss-not-over", refusal

    packed, summed = report(brotli), report(digests)

    pages, after = [], None
    while True:
        page = instructions.list_instructions("sha256sum", limit=2, after=after)
        pages.append([instruction.id for instruction in page.items])
        after = page.next
        if after is None:
            break

    try:
        bosses.get_boss("nobody")
        raise AssertionError("there is a Boss that was never made")
    except ApiException as refusal:
        problem = refusal.data
    bosses.remove_boss(str(brotli.id))

    print(
        json.dumps(
            {
                "statuses": [packed.status, summed.status],
                "outcomes": [entry.outcome for entry in packed.workers_report + summed.workers_report],
                "same": [a.report["sha256"] for a in sorted(packed.workers_report, key=lambda entry: entry.instruction)]
                == [b.report["stdout"].split()[0] for b in sorted(summed.workers_report, key=lambda entry: entry.instruction)],
                "pages": pages,
                "problem": [problem.status, problem.code],
                "left": [boss.name for boss in bosses.list_bosses().items],
            }
        )
    )
