import {
  encode,
  gatewayId,
  instant,
  parseEvent,
  parseHealth,
  parseInstant,
  parseTelemetry,
  seededRandom,
} from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { expect, test } from 'vitest'
import { Household } from '../resident/household.ts'
import { eventOf, healthOf, newUlid, telemetryOf } from './messages.ts'

const now = parseInstant('2026-03-09T12:00:00.000Z')
const parts = () => ({ clock: new VirtualClock(now), random: seededRandom(5) })
const place = { boot: 3, seq: 17, pendingFrom: 16 }

test('what a fleet sends is what the uplink takes', () => {
  const telemetry = telemetryOf(new Household(1, 'Asia/Shanghai'), now, place, parts())
  expect(parseTelemetry(encode(telemetry))).toEqual({ ok: true, value: telemetry })
  expect(telemetry.series[0]).toMatchObject({ p: 'meter/active-power', u: 'W', t0: now - 60_000 })
  expect(telemetry.series.map(({ v }) => v.length)).toEqual([10, 10, 10])

  const press = eventOf(
    gatewayId('gw-1'),
    { type: 'sos-pressed', placement: 'bathroom-sos', device: 'sos-1' },
    place,
    parts(),
  )
  expect(parseEvent(encode(press))).toEqual({ ok: true, value: press })
  expect(press.data).toMatchObject({ lane: 'life', class: 'life', ...place })

  const health = healthOf(
    { boot: 3, seq: 1, uptimeS: 0, queue: { life: 0, technical: 0, telemetry: 2 }, power: 'mains' },
    parts(),
  )
  expect(parseHealth(encode(health))).toEqual({ ok: true, value: health })
  const links = health.links.map(({ id }) => id)
  expect(health.devices.flatMap(({ link }) => link ?? [])).toEqual(['rs485-1'])
  expect(links).toContain('rs485-1')
})

test('ids are in the order of their milliseconds, and none twice', () => {
  const random = seededRandom(9)
  const ids = Array.from({ length: 2_000 }, (_, ms) => newUlid(instant(now + ms), random))
  expect([...ids].sort()).toEqual(ids)
  expect(new Set(ids).size).toBe(2_000)
  expect(newUlid(instant(1_469_918_176_385), random).slice(0, 10)).toBe('01ARYZ6S41') // the specification's own example
})
