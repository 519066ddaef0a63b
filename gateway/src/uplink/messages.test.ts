import {
  type DeviceId,
  type EventId,
  encode,
  gatewayId,
  hours,
  instant,
  type Monotonic,
  type PlacementId,
  parseEvent,
  parseTelemetry,
  seconds,
} from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { expect, test } from 'vitest'
import type { EventEntry } from '../ports.ts'
import { eventMessage, telemetryText } from './messages.ts'

const start = instant(Date.parse('2026-03-01T08:00:00Z'))
const entry: EventEntry = {
  lane: 'life',
  boot: 7,
  seq: 3,
  id: '01HZZZZZZZZZZZZZZZZZZZZZZZ' as EventId,
  heardAt: start,
  heardMono: 0 as Monotonic,
  storedAt: instant(start + 4),
  minimal: false,
  body: {
    type: 'sos-pressed',
    class: 'life',
    phase: 'raised',
    placement: 'bathroom-sos' as PlacementId,
    device: 'sos-1' as DeviceId,
    snapshot: { battery: 80 },
  },
}
const sending = async (boot: number, passed = seconds(90)) => {
  const clock = new VirtualClock(start)
  await clock.pass(passed)
  return { gateway: gatewayId('gw-1'), boot, pendingFrom: 2, clock }
}

test('an event says when it was heard, stored and sent, and how old it is by the monotonic clock', async () => {
  const message = eventMessage(entry, await sending(7))
  expect(parseEvent(encode(message))).toMatchObject({ ok: true })
  expect(message).toMatchObject({
    type: 'anju.sos-pressed',
    source: '/gateways/gw-1',
    subject: 'bathroom-sos',
    time: '2026-03-01T08:00:00.000Z',
    data: {
      boot: 7,
      lane: 'life',
      seq: 3,
      pendingFrom: 2,
      class: 'life',
      device: 'sos-1',
      phase: 'raised',
      heardAt: '2026-03-01T08:00:00.000Z',
      storedAt: '2026-03-01T08:00:00.004Z',
      sentAt: '2026-03-01T08:01:30.000Z',
      elapsedMs: 90_000,
      snapshot: { battery: 80 },
    },
  })
  expect(message.data).not.toHaveProperty('elapsedEstimated')
})

test('an event of an earlier boot has an age by the wall clock, and says that it is an estimate', async () => {
  const message = eventMessage(entry, await sending(8, hours(3)))
  expect(message.data).toMatchObject({ boot: 7, elapsedMs: 3 * 3_600_000, elapsedEstimated: true })
})

test('a clock that went backwards makes no negative age', async () => {
  const message = eventMessage({ ...entry, heardAt: instant(start + 5_000_000) }, await sending(8))
  expect(message.data.elapsedMs).toBe(0)
})

test('the minimal form carries what raises the alarm and nothing else', async () => {
  const message = eventMessage({ ...entry, minimal: true }, await sending(7))
  expect(parseEvent(encode(message))).toMatchObject({ ok: true })
  expect(message.data).not.toHaveProperty('snapshot')
  expect(message).not.toHaveProperty('datacontenttype')
})

test('sealed columns are sent as they were written', async () => {
  const series = JSON.stringify([{ p: 'meter/voltage', u: 'V', t0: 1, dt: [0], v: [230] }])
  const text = telemetryText({ lane: 'telemetry', boot: 7, seq: 9, id: entry.id, series }, 8, start)
  expect(parseTelemetry(Buffer.from(text))).toMatchObject({
    ok: true,
    value: { boot: 7, seq: 9, pendingFrom: 8, series: [{ v: [230] }] },
  })
})
