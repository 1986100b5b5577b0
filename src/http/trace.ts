import type { IncomingHttpHeaders } from 'node:http'
import { traceOf, type Trace } from '../boss/trace.js'

/** The trace that a call belongs to, if it says so. */
export function traceIn({ traceparent, tracestate }: IncomingHttpHeaders): Trace | undefined {
  // either header may come more than once: Node joins them by commas, which only tracestate may have
  return typeof traceparent === 'string' ? traceOf(traceparent, String(tracestate ?? '')) : undefined
}

/** Calls by which instructions come in. */
const traced = ['createBoss', 'appendInstructions', 'retry']
const headers = {
  traceparent:
    'W3C Trace Context: what the instructions carry out belongs to this trace; programs get it as `TRACEPARENT`. An invalid one is ignored',
  tracestate: 'handed on beside it, as `TRACESTATE`; 512 characters of it',
}

/** Adds to what the contract says of such a call that it takes a trace. Not a schema of the route: what is invalid is no reason to refuse. */
export function describeTrace(operation: { operationId?: string; parameters?: unknown[] }): void {
  if (!traced.includes(operation.operationId ?? '')) return
  const parameters = Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    required: false,
    schema: { type: 'string' },
    description,
    ...(name === 'traceparent' && { example: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }),
  }))
  operation.parameters = [...(operation.parameters ?? []), ...parameters]
}
