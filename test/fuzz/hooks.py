"""What a schema cannot say: rows that a worker kind takes, and files that are arrays, for about half of the requests that carry some."""

import json
import re
import uuid

import schemathesis

array = b"\x93NUMPY\x01\x00v\x00" + b"{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }".ljust(117) + b"\n" + bytes(16)
KEY = re.compile(r"[\x21-\x7e]{1,255}")
rows = [{"kind": "noop"}, {"kind": "sleeper", "sleeping_time": 0.01}, {"kind": "noop", "priority": 3, "cores": 2}]


@schemathesis.hook
def map_case(context, case):
    operation = context.operation.definition.raw.get("operationId")
    # what is made up to be refused must stay so
    if operation in ("putArray", "createBoss", "appendInstructions") and case.meta and case.meta.generation.mode.is_positive:
        case.body = takeable(operation, case.body)
    return case


def takeable(operation, body):
    if operation == "putArray":
        return array if len(repr(body)) % 2 else body
    if not isinstance(body, dict):
        return body
    # the same request, whenever it is made up again
    weight = len(json.dumps(body, default=repr))
    if weight % 2:
        return body
    taken = {name: value for name, value in body.items() if name not in ("individual_instructions", "common_instructions", "arrays")}
    if operation == "createBoss":
        taken["scheduler"] = {"limit": "threads", "max_threads": 2}
    return {**taken, "instructions": rows[: 1 + weight % 3]}


@schemathesis.hook
def before_call(context, case, kwargs):
    """A key belongs to one call: what is made up anew is another one."""
    for name in list(case.headers or {}):
        if name.lower() == "idempotency-key" and KEY.fullmatch(str(case.headers[name])):
            case.headers[name] = str(uuid.uuid4())
