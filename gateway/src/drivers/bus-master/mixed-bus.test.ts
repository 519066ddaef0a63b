import {
  type Absence,
  deviceId,
  millis,
  parseInstant,
  placementId,
  reading,
  seconds,
  seededRandom,
} from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import type { Decoded, Poll } from '@anju/device-profiles/profile'
import { profileById } from '@anju/device-profiles/registry'
import { expect, test } from 'vitest'
import { type Hung, simulatedBus, simulatedDevice } from '../../../../tests/harness/simulated-bus.ts'
import type { Device, DeviceMessage } from '../../ports.ts'
import { Line } from '../../serial-line/line.ts'
import { silentLog } from '../../testing/silent-log.ts'
import { busMaster } from './bus-master.ts'

function installed({ device: { profile: id, address } }: Hung): Device {
  const profile = profileById(id)
  if (!profile) throw new Error(`no profile ${id}`)
  const name = id.replace('/', '-')
  return { id: deviceId(name), placement: placementId(name), profile, options: {}, line: 'rs485-1', address }
}

async function aBus(...hung: Hung[]) {
  const clock = new VirtualClock(parseInstant('2026-03-09T06:00:00.000Z'))
  const { open, said } = simulatedBus(clock, hung)
  const heard: DeviceMessage[] = []
  const silences: { profile: string; points: readonly string[]; why: Absence; alive: boolean }[] = []
  const refused: string[] = []
  const line = new Line({
    id: 'rs485-1',
    url: { kind: 'tcp', host: 'x', port: 1 },
    clock,
    random: seededRandom(1),
    log: silentLog,
    quietMax: seconds(1_000),
    open,
  })
  await line.start()
  const driver = busMaster.attach(line, hung.map(installed), {
    clock,
    random: seededRandom(1),
    log: silentLog,
    listener: {
      hear: (message) => Promise.resolve(void heard.push(message)),
      silence: ({ profile }, points, why, alive) =>
        Promise.resolve(void silences.push({ profile: profile.id, points, why, alive })),
      stranger: () => undefined,
      refuse: ({ code }) => Promise.resolve(void refused.push(code)),
    },
  })
  return { clock, driver, said, silences, refused, read: () => heard.map(decoded) }
}

function decoded({ device: { profile, options }, message, heard }: DeviceMessage) {
  const { readings } = (profile.decode as (message: unknown, options: object) => Decoded)(message, options)
  return { profile: profile.id, at: heard.at, readings }
}

/** In small steps, with the loop turning between them: an answer takes several promises to arrive. */
async function passes(clock: VirtualClock, s: number): Promise<void> {
  for (let step = 0; step < s * 50; step++) {
    await new Promise((resolve) => setImmediate(resolve))
    await clock.pass(millis(20))
  }
  await new Promise((resolve) => setImmediate(resolve))
}

const inReadings = ({ profile, values }: { profile: string; values: Readonly<Record<string, number>> }) => ({
  profile,
  readings: Object.fromEntries(Object.entries(values).map(([point, value]) => [point, reading(value)])),
})

const meter2007 = { device: simulatedDevice('dlt645-single-phase', '000000000161') }
const meter1997 = { device: simulatedDevice('dlt645-1997-meter', '000000001997') }
const water = { device: simulatedDevice('cjt188-cold-water', '00000805000001') }
const modbus = { device: simulatedDevice('eastron-sdm120', '1') }
const monitor = { device: simulatedDevice('pzem-004t', '9') }

test('four protocols share one line: every device is read, right to the last digit', async () => {
  const { clock, driver, said, silences, refused, read } = await aBus(meter2007, meter1997, water, modbus)
  await passes(clock, 130)
  await driver.stop()
  const heard = read()
  expect(heard.map(({ profile, readings }) => ({ profile, readings }))).toEqual(said.map(inReadings))
  for (const { device } of [meter2007, meter1997, water, modbus]) {
    const polls: readonly Poll[] = profileById(device.profile)?.polls ?? []
    const times = polls.map(({ every }) => Math.floor(125_000 / every) + 1).reduce((sum, count) => sum + count, 0)
    expect(heard.filter(({ profile }) => profile === device.profile)).toHaveLength(times)
  }
  expect(silences).toEqual([])
  expect(refused).toEqual([])
})

test('a dead device costs the others its time and nothing more', async () => {
  const dead = { ...monitor, dead: true } as const
  const { clock, driver, silences, read } = await aBus(dead, meter2007, meter1997, water, modbus)
  await passes(clock, 600)
  await driver.stop()
  const minutely = read().filter(({ readings }) => 'voltage' in readings)
  for (const { device } of [meter2007, meter1997, modbus]) {
    const at = minutely.filter(({ profile }) => profile === device.profile).map((one) => one.at)
    expect(at).toHaveLength(10)
    const gaps = at.slice(1).map((time, i) => time - (at[i] ?? 0))
    expect(Math.max(...gaps)).toBeLessThan(63_000)
  }
  const points = profileById('peacefair/pzem-004t-v3')?.polls?.[0]?.points ?? []
  expect(points).toHaveLength(6)
  expect(silences).toEqual(
    Array.from({ length: 10 }, () => ({ profile: 'peacefair/pzem-004t-v3', points, why: 'no-answer', alive: false })),
  )
})

test.for([
  { when: 'bytes of nothing', bytes: [0xff, 0x00, 0x55], before: 30 },
  { when: 'what begins like an answer and breaks off', bytes: [0x01, 0x04, 0x40, 0x43], before: 400 },
  { when: 'what begins like an answer, and the answer right behind it', bytes: [0x01, 0x04, 0x40, 0x43], before: 0 },
  { when: 'the beginning of another protocol’s frame', bytes: [0x68, 0x10, 0xfe, 0xfe], before: 100 },
])('a device that lets onto the line, before its answer, $when is read all the same', async ({ bytes, before }) => {
  const noisy = { ...modbus, noise: { bytes, before: millis(before) } }
  const { clock, driver, said, silences, read } = await aBus(meter2007, meter1997, water, noisy)
  await passes(clock, 50)
  await driver.stop()
  expect(said.filter(({ profile }) => profile === 'eastron/sdm120')).toHaveLength(2)
  expect(read().map(({ profile, readings }) => ({ profile, readings }))).toEqual(said.map(inReadings))
  expect(silences).toEqual([])
})

test('a meter that answers as the wildcard is heard where it is alone, and is silent among others', async () => {
  const wildcard = { device: simulatedDevice('dlt645-1997-wildcard', '000000001997') }
  const alone = await aBus(wildcard)
  await passes(alone.clock, 30)
  await alone.driver.stop()
  expect(alone.read().map(({ profile, readings }) => ({ profile, readings }))).toEqual(alone.said.map(inReadings))
  expect(alone.silences).toEqual([])

  const among = await aBus(wildcard, modbus)
  await passes(among.clock, 50)
  await among.driver.stop()
  expect(among.read().map(({ profile }) => profile)).toEqual(['eastron/sdm120', 'eastron/sdm120'])
  expect(among.silences.map(({ why }) => why)).toEqual(Array.from({ length: 5 }, () => 'no-answer'))
})
