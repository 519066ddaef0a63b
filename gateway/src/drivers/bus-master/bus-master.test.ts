import { type Absence, type DeviceId, instant, millis, type PlacementId, seconds, seededRandom } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { type Dlt645Answer, encodeAnswer } from '@anju/device-profiles/protocols/dlt645/encode'
import { type Dlt645Frame, dlt645Scanner } from '@anju/device-profiles/protocols/dlt645/framing'
import { profileById } from '@anju/device-profiles/registry'
import { expect, test } from 'vitest'
import type { Device, DeviceMessage } from '../../ports.ts'
import { Line } from '../../serial-line/line.ts'
import { silentLog } from '../../silent-log.ts'
import { busMaster } from './bus-master.ts'

const address = '000000000161'
const voltage = '02010100'

/** One meter on a bus, asked for its voltage only; `meter` says what comes back for a request, if anything. */
async function aBus(meter: (asked: Dlt645Frame, di: string) => Uint8Array[]) {
  const profile = profileById('dlt645/single-phase')
  if (profile?.driver !== 'dlt645-2007') throw new Error('the meter profile is gone')
  const device: Device = {
    id: 'meter-1' as DeviceId,
    placement: 'meter' as PlacementId,
    profile: { ...profile, polls: [{ name: voltage, ask: voltage, every: seconds(60), points: ['voltage'] }] },
    options: {},
    line: 'rs485-1',
    address,
  }
  const clock = new VirtualClock(instant(0))
  const requests: { at: number; frame: Dlt645Frame }[] = []
  const readings: DeviceMessage[] = []
  const silences: { points: readonly string[]; why: Absence; alive: boolean }[] = []
  const line = new Line({
    id: 'rs485-1',
    url: { kind: 'tcp', host: 'x', port: 1 },
    clock,
    random: seededRandom(1),
    log: silentLog,
    quietMax: seconds(1_000),
    open: (_url, events) =>
      Promise.resolve({
        write(bytes) {
          for (const scanned of dlt645Scanner().push(bytes)) {
            if (scanned.is !== 'frame') continue
            requests.push({ at: clock.monotonic(), frame: scanned.frame })
            const di = Buffer.from(scanned.frame.data.subarray(0, 4)).reverse().toString('hex').toUpperCase()
            for (const answer of meter(scanned.frame, di)) queueMicrotask(() => events.onBytes(answer))
          }
          return Promise.resolve()
        },
        close: () => Promise.resolve(),
      }),
  })
  await line.start()
  const driver = busMaster.attach(line, [device], {
    clock,
    random: seededRandom(1),
    log: silentLog,
    listener: {
      hear: (message) => Promise.resolve(void readings.push(message)),
      silence: (_device, points, why, alive) => Promise.resolve(void silences.push({ points, why, alive })),
      stranger: () => undefined,
      refuse: () => Promise.resolve(),
    },
  })
  return { clock, requests, readings, silences, driver, line }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** In small steps, with the loop turning between them: an answer takes several promises to arrive. */
async function passes(clock: VirtualClock, s: number): Promise<void> {
  for (let step = 0; step < s * 10; step++) {
    await turn()
    await clock.pass(millis(100))
  }
  await turn()
}
const says = (more: Partial<Extract<Dlt645Answer, { say: 'data' }>> = {}) =>
  encodeAnswer({ dialect: '2007', say: 'data', address, di: voltage, data: Uint8Array.from([0x44, 0x22]), ...more })
const values = (readings: readonly DeviceMessage[]) =>
  readings.map(({ message }) => Buffer.from('data' in message ? message.data : []).toString('hex'))

test('a meter is asked at once and then every minute, and what it answers is a reading', async () => {
  const { clock, requests, readings, silences } = await aBus(() => [says()])
  await passes(clock, 125)
  expect(requests.map(({ at }) => Math.round(at / 1_000))).toEqual([0, 60, 120])
  expect(values(readings)).toEqual(['4422', '4422', '4422'])
  expect(silences).toEqual([])
})

test('a meter that does not answer is asked once more, and is then absent with that reason', async () => {
  const { clock, requests, readings, silences } = await aBus(() => [])
  await passes(clock, 30)
  expect(requests.map(({ at }) => at)).toEqual([0, 1_000])
  expect(readings).toEqual([])
  expect(silences).toEqual([{ points: ['voltage'], why: 'no-answer', alive: false }])
})

test('an answer to the second try is a reading', async () => {
  let tries = 0
  const { clock, readings, silences } = await aBus(() => (++tries === 1 ? [] : [says()]))
  await passes(clock, 30)
  expect(values(readings)).toEqual(['4422'])
  expect(silences).toEqual([])
})

test('the echo of the request, another meter and another identifier are no readings; the answer behind them is', async () => {
  const { clock, readings } = await aBus(() => [
    says({ address: '000000000162', data: Uint8Array.from([0, 0x10]) }),
    says({ di: '02020100', data: Uint8Array.from([1, 2, 3]) }),
    says(),
  ])
  await passes(clock, 30)
  expect(values(readings)).toEqual(['4422'])
})

test('what nobody asked for is no reading', async () => {
  const bus = await aBus(() => [says(), says({ data: Uint8Array.from([0, 0x10]) })])
  await passes(bus.clock, 30)
  expect(values(bus.readings)).toEqual(['4422'])
})

test('a meter that has no such value says so, and is alive', async () => {
  const { clock, silences, requests } = await aBus(() => [
    encodeAnswer({ dialect: '2007', say: 'error', to: 'data', address, errorByte: 0x02 }),
  ])
  await passes(clock, 30)
  expect(silences).toEqual([{ points: ['voltage'], why: 'not-supported', alive: true }])
  expect(requests).toHaveLength(1)
})

test('a long answer is fetched to its end', async () => {
  const { clock, readings, requests } = await aBus(({ control }) =>
    control === 0x11
      ? [says({ data: Uint8Array.from([0x44]), more: true })]
      : [
          encodeAnswer({
            dialect: '2007',
            say: 'next',
            address,
            di: voltage,
            data: Uint8Array.from([0x22]),
            sequence: 1,
          }),
        ],
  )
  await passes(clock, 30)
  expect(requests.map(({ frame }) => frame.control)).toEqual([0x11, 0x12])
  expect(values(readings)).toEqual(['4422'])
})

test('a line that is down makes the point absent for that reason', async () => {
  const { clock, silences, line } = await aBus(() => [says()])
  await passes(clock, 1)
  await line.stop()
  await passes(clock, 60)
  expect(silences).toEqual([{ points: ['voltage'], why: 'line-down', alive: false }])
})

test('a stopped driver asks nothing more, and does not call the meter silent', async () => {
  const { clock, requests, silences, driver } = await aBus(() => [])
  await passes(clock, 0.5)
  await driver.stop()
  await passes(clock, 600)
  expect(requests).toHaveLength(1)
  expect(silences).toEqual([])
})
