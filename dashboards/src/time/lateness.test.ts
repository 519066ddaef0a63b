import { expect, test } from 'vitest'
import { latenessOf } from './lateness.ts'

test.for([
  {
    what: 'a press that came three hours late',
    detail: { event: '1', heardAt: '2026-03-01T01:00:00.000Z', lateByS: 10_800 },
    lateness: { heardAt: '2026-03-01T01:00:00.000Z', byMs: 10_800_000 },
  },
  { what: 'a press told as it happened', detail: { event: '1', device: 'sos-1' }, lateness: undefined },
])('$what: when it was heard, and how late, or nothing', ({ detail, lateness }) => {
  expect(latenessOf({ detail })).toEqual(lateness)
})
