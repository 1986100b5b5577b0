import { Type } from 'typebox'
import { Cause, type ReportEntry } from '../boss/report.js'

export const FailureList = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          cause: Cause,
          kind: Type.String(),
          count: Type.Integer({ minimum: 1, description: 'instructions that failed so, also those that were given again' }),
          newest: Type.Unsafe<ReportEntry>({ $ref: 'ReportEntry#' }),
        },
        { title: 'FailureGroup', description: 'what failed by one cause, of one kind, and the newest report of it' },
      ),
      { description: 'the largest first' },
    ),
  },
  { $id: 'FailureList', description: 'What failed, by cause and kind' },
)
