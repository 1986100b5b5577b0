import type { IncomingHttpHeaders } from 'node:http'
import { Type } from 'typebox'
import { traceOf, type Trace } from '../boss/trace.js'

/** The trace that a call belongs to, if it says so. */
export function traceIn({ traceparent, tracestate }: IncomingHttpHeaders): Trace | undefined {
  // either header may come more than once: Node joins them by commas, which only tracestate may have
  return typeof traceparent === 'string' ? traceOf(traceparent, String(tracestate ?? '')) : undefined
}

/** The headers of a call by which instructions come in: any text, for what is no trace is no reason to refuse. */
export const traceHeaders = Type.Object({
  traceparent: Type.Optional(
    Type.String({
      description:
        'W3C Trace Context: what the instructions carry out belongs to this trace; programs get it as `TRACEPARENT`. An invalid one is ignored',
      examples: ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
    }),
  ),
  tracestate: Type.Optional(Type.String({ description: 'handed on beside it, as `TRACESTATE`; 512 characters of it' })),
})
