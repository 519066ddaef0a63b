import type { Buckets } from './bucket-names.ts'
import { TOTAL } from './flux-tasks.ts'
import type { Body } from './thing.ts'

/** One check, named as its runbook. */
interface Check {
  readonly name: string
  readonly body: Body
}

/** A series that is gone for longer than this is forgotten: then nobody has looked for a month. */
const forgottenAfter = '30d'

export const checks = ({ fiveMinutes, days }: Buckets): readonly Check[] => [
  {
    // It reads what the tasks wrote, so it also hears when a task stopped: one series of a few thousand points a month.
    name: 'telemetry-writer-silent',
    body: deadMan(fiveMinutes, '1m', '20m', 'Samples stored and summed within the last 20 minutes: ${ r._level }.'),
  },
  {
    name: 'telemetry-days-late',
    body: deadMan(days, '1h', '60h', 'A day summed that began within the last 60 hours: ${ r._level }.'),
  },
  {
    name: 'telemetry-absent',
    body: {
      type: 'threshold',
      every: '5m',
      offset: '2m',
      query: { text: total(fiveMinutes, 'absent_percent', '15m') },
      thresholds: [
        { type: 'greater', value: 20, level: 'WARN', allValues: true },
        { type: 'greater', value: 50, level: 'CRIT', allValues: true },
      ],
      statusMessageTemplate:
        'Of what homes told in the last quarter of an hour, ${ r.absent_percent } % was a reason and no value.',
      status: 'active',
      tags: [],
    },
  },
]

const deadMan = (bucket: string, every: string, timeSince: string, message: string): Body => ({
  type: 'deadman',
  every,
  offset: '0s',
  timeSince,
  staleTime: forgottenAfter,
  reportZero: false,
  level: 'CRIT',
  query: { text: total(bucket, 'samples', forgottenAfter) },
  statusMessageTemplate: message,
  status: 'active',
  tags: [],
})

const total = (bucket: string, field: string, back: string) =>
  `from(bucket: "${bucket}") |> range(start: -${back}) |> filter(fn: (r) => r._measurement == "${TOTAL}" and r._field == "${field}")`
