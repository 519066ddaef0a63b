import { parseInstant } from '@anju/contract'
import { afterEach, expect, test, vi } from 'vitest'
import { simulatedMeter, simulatedTalker, tcpMeters } from '../../../tests/harness/tcp-meters.ts'
import { aTestCentre } from '../testing/centre.ts'
import { aTestGateway } from '../testing/gateway.ts'

const noon = parseInstant('2026-03-09T12:00:00.000Z')
const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** Which meter hangs on which line, and how it is installed. */
const installed = [
  { id: 'mode-c', profile: 'iec62056/electricity', meter: () => simulatedMeter('iec62056-meter', '1') },
  { id: 'mode-d', profile: 'iec62056/electricity-push', meter: () => simulatedTalker('iec62056-push-meter') },
  { id: 'p1', profile: 'dsmr/p1', meter: () => simulatedTalker('p1-meter-with-gas') },
  { id: 'sml', profile: 'sml/electricity', meter: () => simulatedTalker('sml-meter') },
  { id: 'heat', profile: 'mbus/heat', address: '17', meter: () => simulatedMeter('mbus-heat', '17') },
  { id: 'water', profile: 'mbus/water', address: '254', meter: () => simulatedMeter('mbus-water', '3') },
  { id: 'rail', profile: 'mbus/electricity', address: '1', meter: () => simulatedMeter('mbus-electricity', '1') },
]

test('meters of five protocols, each behind its converter: what they say is at the centre, every point of it and nothing else', async () => {
  const lines = await Promise.all(
    installed.map(async ({ id, meter }) => {
      const one = meter()
      const line = await tcpMeters([one])
      cleanups.push(() => line.stop())
      return { id, line, points: Object.keys(one.truth(noon)) }
    }),
  )
  const centre = await aTestCentre('gw-test')
  cleanups.push(() => centre.stop())
  const gateway = await aTestGateway(centre.url, {
    lines: lines.map(({ id, line }) => ({ id, url: line.url })),
    devices: installed.map(({ id, profile, address }) => ({
      id,
      placement: id,
      profile,
      line: id,
      ...(address !== undefined && { address }),
    })),
  })
  cleanups.push(() => gateway.stop())

  const seriesOf = (id: string) =>
    centre.telemetry.flatMap(({ series }) => series.filter(({ p }) => p.startsWith(`${id}/`)))
  for (const { id, line, points } of lines) {
    await vi.waitFor(
      () => expect(new Set(seriesOf(id).map(({ p }) => p))).toEqual(new Set(points.map((point) => `${id}/${point}`))),
      { timeout: 30_000, interval: 50 },
    )
    for (const { p, v, absent } of seriesOf(id)) {
      expect(absent ?? {}).toEqual({})
      for (const value of v) expect(line.said.get(p.slice(id.length + 1)) ?? new Set()).toContain(value)
    }
  }
  // At night the water meter's battery is cold.
  expect(centre.events.filter(({ type }) => type !== 'anju.battery-low')).toEqual([])
})
