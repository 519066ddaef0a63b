import { type Instant, parseInstant } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { aTestCentre } from '@anju/gateway/testing/centre'
import { aTestGateway } from '@anju/gateway/testing/gateway'
import type { TalkingDevice } from '@anju/simulators/devices/device'
import { pendant, roomThermometer, waterDetector } from '@anju/simulators/devices/esp3/senders'
import { ld6002, ld6002c } from '@anju/simulators/devices/hilink-radar/radars'
import { ld2410 } from '@anju/simulators/devices/ld2410/radar'
import { ev1527Button, ev1527Contact } from '@anju/simulators/devices/portisch/senders'
import { mr60fda1 } from '@anju/simulators/devices/radar-5359/radars'
import { panicPendant, smokeDetector, thermometer } from '@anju/simulators/devices/rfxcom/senders'
import { openTcpLine } from '@anju/simulators/serial-bridge/tcp-line'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

/** A home whose devices all speak by themselves, on the lines they have in a home: simulated devices, TCP, the real gateway. */
const LINES: Readonly<Record<string, readonly (readonly [id: string, device: TalkingDevice, options?: object])[]>> = {
  'radar-fda1': [['bath-radar', mr60fda1()]],
  'radar-6002c': [['hall-radar', ld6002c()]],
  'radar-6002': [['bed-radar', ld6002()]],
  'radar-2410': [['sofa-radar', ld2410()]],
  'rf-433': [
    ['extra-button', ev1527Button('ABCDE')],
    ['front-door', ev1527Contact('5C0FF')],
  ],
  rfxcom: [
    ['rfx-pendant', panicPendant('D3DC54')],
    ['rfx-smoke', smokeDetector('FFAA00')],
    ['balcony', thermometer('7002')],
  ],
  enocean: [
    ['eo-pendant', pendant('00298979')],
    ['eo-leak', waterDetector('0181B700')],
    ['eo-room', roomThermometer('0181B744'), { eep: 'A5-02-05' }],
  ],
}
const quiet = parseInstant('2026-03-09T12:16:00.000Z')
/** Somebody lies on the floor, the kitchen is full of smoke and the bathroom of water. */
const night = parseInstant('2026-03-09T03:12:00.000Z')

const cleanups: (() => Promise<unknown> | void)[] = []
const lines = new Map<string, { readonly url: string; write(bytes: Uint8Array): void; readonly heard: Uint8Array[] }>()
let centre: Awaited<ReturnType<typeof aTestCentre>>
let gateway: Awaited<ReturnType<typeof aTestGateway>>
const until = <T>(check: () => T): Promise<T> => vi.waitFor(check, { timeout: 15_000, interval: 10 })

beforeAll(async () => {
  for (const id of Object.keys(LINES)) {
    const heard: Uint8Array[] = []
    const parts = { clock: systemClock, log: () => undefined, hear: (bytes: Uint8Array) => void heard.push(bytes) }
    const line = await openTcpLine({ host: '127.0.0.1', port: 0 }, parts)
    cleanups.push(() => line.stop())
    lines.set(id, { url: line.url, write: (bytes) => line.write(bytes), heard })
  }
  centre = await aTestCentre('gw-test')
  cleanups.push(() => centre.stop())
  const devices = Object.entries(LINES).flatMap(([line, on]) =>
    on.map(([id, { profile, address }, options]) => ({
      id,
      placement: id,
      profile,
      line,
      ...(address !== undefined && { address }),
      ...(options && { options }),
    })),
  )
  gateway = await aTestGateway(centre.url, { lines: [...lines].map(([id, { url }]) => ({ id, url })), devices })
  cleanups.push(() => gateway.stop())
  await vi.waitUntil(() => gateway.running.status().links.every(({ state }) => state !== 'down'), { timeout: 15_000 })
})
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const everybodySpeaks = (at: Instant) => {
  for (const [id, on] of Object.entries(LINES)) for (const [, device] of on) lines.get(id)?.write(device.speak(at))
}
const eventsOf = (placement: string) =>
  centre.events.filter(({ subject }) => subject === placement).map(({ type, data }) => `${type} ${data.phase}`)
const lastOf = (point: string) =>
  centre.telemetry.flatMap(({ series }) => series.filter(({ p }) => p === point).flatMap(({ v }) => v)).at(-1)

test('what each of them says by day is at the centre to the last digit, and each press is one press', async () => {
  everybodySpeaks(quiet)
  for (const [id, device] of Object.values(LINES).flat())
    for (const [point, value] of Object.entries(device.truth(quiet)))
      await until(() => expect([id, point, lastOf(`${id}/${point}`)]).toEqual([id, point, value]))
  for (const button of ['extra-button', 'rfx-pendant', 'eo-pendant'])
    await until(() => expect(eventsOf(button)).toEqual(['anju.sos-pressed raised']))
  expect(centre.events).toHaveLength(3)
})

test('the neighbour’s button is counted, and is nobody’s alarm', async () => {
  const before = centre.events.length
  lines.get('rf-433')?.write(ev1527Button('12345').speak(quiet))
  await until(() => expect(gateway.running.status().counts['device-unknown']).toBe(20))
  expect(centre.events).toHaveLength(before)
})

test('a fall, smoke and water at night are events; a flag that goes back ends a condition and nothing else', async () => {
  everybodySpeaks(night)
  for (const [place, type] of [
    ['bath-radar', 'fall-detected'],
    ['hall-radar', 'fall-detected'],
    ['rfx-smoke', 'smoke'],
    ['eo-leak', 'water-leak'],
  ] as const)
    await until(() => expect(eventsOf(place)).toEqual([`anju.${type} raised`]))
  everybodySpeaks(quiet)
  for (const radar of ['bath-radar', 'hall-radar'])
    await until(() => expect(eventsOf(radar)).toEqual(['anju.fall-detected raised', 'anju.fall-detected returned']))
})

test('in all this the gateway said nothing to any of them', () => {
  expect([...lines].filter(([, { heard }]) => heard.length > 0).map(([id]) => id)).toEqual([])
})
