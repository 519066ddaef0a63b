import type { TrackPolicy } from '@anju/contract/api'
import { expect, test } from 'vitest'
import { Reach } from './reach.ts'
import { Track } from './track.ts'

const s = 1_000
const queue = { targets: [{ to: 'queue' as const }], waves: [{ channels: ['console' as const], timeoutS: 20 }] }
const policy: TrackPolicy = { startAfterS: 0, repeatAfterS: 600, quietWhileHeld: true, steps: [queue, queue] }

/** All servers are away from the tenth second to the hundredth; who looks at the queue is written down at these moments. */
function asked(writtenAt: readonly number[]): Track {
  const reach = new Reach({
    homes: [],
    responders: [],
    supervisors: [],
    numbers: new Map(),
    onCall: { who: 'han', span: { from: 0, to: 0 } },
    supervisorShift: null,
    channels: new Set(['sms']),
  })
  const servedFrom = (at: number) => (at >= 10 * s && at < 100 * s ? 100 * s : at)
  const alarm = { home: 'home-1', centre: 'east', class: 'life', handling: 'new', test: true, received_at: 0, l5: null }
  const around = { reach, servedFrom, families: () => [], goingUnasked: () => [] }
  const write = (at: number) => {
    const said = { server: 'one', centre: 'east', at }
    reach.learn({ seq: 0, at, xact: String(at), what: 'console_presence', fresh: false, alarm: '', said })
  }
  for (const at of writtenAt.filter((one) => one < 1 * s)) write(at)
  const track = new Track('centre', policy, alarm, 500, around, [])
  const who = { recipient_kind: 'queue', recipient: 'east', channel: 'console', address: 'east', state: 'delivered' }
  const row = { id: '1', purpose: 'alarm', round: 0, step: 0, wave: 0, queued_at: 1 * s, ...who }
  expect(track.writes(row, true, 1 * s, '1')).toEqual([])
  for (const at of writtenAt.filter((one) => one >= 1 * s)) write(at)
  reach.passes(102 * s)
  track.looks(102 * s)
  return track
}

test('what falls due while no server is there is asked of who is there when one is again', () => {
  // Who looked when it fell due has gone by then: there is nobody to be asked.
  expect(asked([0, 5 * s, 9 * s]).isLate(102 * s)).toBe(null)
  expect(asked([0, 5 * s, 9 * s, 99 * s, 101 * s]).isLate(102 * s)).toBe(21 * s)
})
