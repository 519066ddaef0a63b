import {
  type Absence,
  deviceId,
  millis,
  parseInstant,
  placementId,
  type Reading,
  reading,
  seconds,
  seededRandom,
} from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import type { Decoded } from '@anju/device-profiles/profile'
import { profileById } from '@anju/device-profiles/registry'
import { expect, test } from 'vitest'
import {
  IecModeCMeter,
  mbusHeat,
  mbusWater,
  type PolledDevice,
  type Speaker,
  SpeedLine,
} from '../../../../tests/harness/speed-line.ts'
import type { Device } from '../../ports.ts'
import { Line } from '../../serial-line/line.ts'
import type { LineUrl } from '../../serial-line/line-url.ts'
import { silentLog } from '../../testing/silent-log.ts'
import { busMaster } from './bus-master.ts'

function installed({ profile: id, address }: PolledDevice, alone: boolean): Device {
  const profile = profileById(id)
  if (!profile) throw new Error(`no profile ${id}`)
  const name = `${id.replace('/', '-')}-${address}`
  const where = alone && id.startsWith('iec') ? {} : { address }
  return { id: deviceId(name), placement: placementId(name), profile, options: {}, line: 'line-1', ...where }
}

const serial = (baud: number): LineUrl => ({
  kind: 'serial',
  path: '/dev/ttyUSB0',
  baud,
  parity: 'even',
  dataBits: 7,
  stopBits: 1,
})
const converter: LineUrl = { kind: 'tcp', host: 'x', port: 1 }

async function aLine(speakers: readonly Speaker[], url: LineUrl = serial(300)) {
  const clock = new VirtualClock(parseInstant('2026-03-09T06:00:00.000Z'))
  const port = new SpeedLine(clock, url.kind === 'serial' ? url.baud : 300, speakers)
  const heard: { profile: string; readings: Readonly<Partial<Record<string, Reading>>> }[] = []
  const silences: { profile: string; why: Absence; alive: boolean }[] = []
  const line = new Line({
    id: 'line-1',
    url,
    clock,
    random: seededRandom(1),
    log: silentLog,
    quietMax: seconds(1_000),
    open: port.open,
  })
  await line.start()
  const devices = speakers.map(({ device }) => installed(device, speakers.length === 1))
  const driver = busMaster.attach(line, devices, {
    clock,
    random: seededRandom(1),
    log: silentLog,
    listener: {
      hear({ device: { profile }, message }) {
        const { readings } = (profile.decode as (message: unknown, options: object) => Decoded)(message, {})
        return Promise.resolve(void heard.push({ profile: profile.id, readings }))
      },
      silence: ({ profile }, _points, why, alive) =>
        Promise.resolve(void silences.push({ profile: profile.id, why, alive })),
      stranger: () => undefined,
      refuse: () => Promise.resolve(),
    },
  })
  const said = () =>
    port.said.map(({ profile, values }) => ({
      profile,
      readings: Object.fromEntries(Object.entries(values).map(([point, value]) => [point, reading(value)])),
    }))
  return { clock, port, heard, silences, driver, said }
}

/** In small steps, with the loop turning between them: an answer takes several promises to arrive. */
async function passes(clock: VirtualClock, s: number): Promise<void> {
  for (let step = 0; step < s * 20; step++) {
    await clock.pass(millis(50))
    await new Promise((resolve) => setImmediate(resolve))
  }
}
const meter = ({ reaction = millis(300), dead = false } = {}): Speaker => ({
  device: new IecModeCMeter('12345678', { reaction }),
  reaction,
  dead,
})

test('a meter is asked at 300 baud, heard at 9600, and the port is at 300 again: every register right to the last digit', async () => {
  const { clock, port, heard, silences, said } = await aLine([meter()])
  await passes(clock, 30)
  expect(port.heardByDevices).toEqual(['/?!\r\n', '\u0006050\r\n'])
  expect(port.speeds).toEqual([300, 9_600, 300])
  expect(heard).toHaveLength(1)
  expect(heard).toEqual(said())
  expect(silences).toEqual([])
})

test('a line of another speed goes to 300 baud for the question, and back to its own', async () => {
  const { clock, port, heard } = await aLine([meter()], serial(2_400))
  await passes(clock, 30)
  expect(port.speeds).toEqual([2_400, 300, 9_600, 2_400])
  expect(heard).toHaveLength(1)
})

test('behind a converter the meter stays at 300 baud, however long that takes', async () => {
  const { clock, port, heard, said, silences } = await aLine([meter()], converter)
  await passes(clock, 60)
  expect(port.heardByDevices).toEqual(['/?!\r\n', '\u0006000\r\n'])
  expect(port.speeds).toEqual([300])
  expect(heard).toEqual(said())
  expect(heard).toHaveLength(1)
  expect(silences).toEqual([])
})

test.for([20, 200, 1_500])(
  'a meter that thinks for %d ms is read, and so is the echo of the head ignored',
  async (ms) => {
    const { clock, port, heard, said } = await aLine([meter({ reaction: millis(ms) })])
    port.echo = true
    await passes(clock, 30)
    expect(heard).toHaveLength(1)
    expect(heard).toEqual(said())
  },
)

test('a meter that is not there: the port is at its own speed, and the next time the meter is read', async () => {
  const gone = meter({ dead: true })
  const { clock, port, heard, silences } = await aLine([gone], serial(2_400))
  await passes(clock, 60)
  expect(silences).toEqual([{ profile: 'iec62056/electricity', why: 'no-answer', alive: false }])
  expect(port.baud).toBe(2_400)
  gone.dead = false
  await passes(clock, 300)
  expect(heard).toHaveLength(1)
})

test('a meter that dies in the middle of its readout leaves the port at its own speed', async () => {
  const dying = meter()
  const { clock, port, heard, silences } = await aLine([dying], serial(2_400))
  while (port.baud !== 9_600) await passes(clock, 0.1)
  dying.dead = true
  port.mute = true
  await passes(clock, 30)
  expect(port.baud).toBe(2_400)
  expect(heard).toEqual([])
  expect(silences).toHaveLength(1)
})

test('a port that is pulled in the middle comes back at its own speed, and the meter is read the next time', async () => {
  const { clock, port, heard } = await aLine([meter()])
  while (port.baud !== 9_600) await passes(clock, 0.1)
  port.pull()
  await passes(clock, 30)
  expect(port.opens).toBe(2)
  expect(port.baud).toBe(300)
  await passes(clock, 300)
  expect(heard.length).toBeGreaterThan(0)
  expect(port.baud).toBe(300)
})

test('a port that refuses the higher speed is opened anew, at its own', async () => {
  const { clock, port, heard, silences } = await aLine([meter()])
  port.refuses.add(9_600)
  await passes(clock, 30)
  expect(silences).toEqual([{ profile: 'iec62056/electricity', why: 'line-down', alive: false }])
  expect(port.opens).toBe(2)
  expect(port.baud).toBe(300)
  port.refuses.clear()
  await passes(clock, 300)
  expect(heard).toHaveLength(1)
})

test('a port that refuses to go back is opened anew, and what was read counts', async () => {
  const { clock, port, heard, silences } = await aLine([meter()])
  port.refuses.add(300)
  await passes(clock, 30)
  expect(heard).toHaveLength(1)
  expect(silences).toEqual([])
  expect(port.opens).toBe(2)
  expect(port.baud).toBe(300)
})

test('a driver that is stopped in the middle leaves the port at its own speed', async () => {
  const { clock, port, driver, silences } = await aLine([meter()])
  while (port.baud !== 9_600) await passes(clock, 0.1)
  await driver.stop()
  expect(port.baud).toBe(300)
  expect(silences).toEqual([])
})

test('a meter that does not wait for the choice of a speed is heard out, and nothing is said into its words', async () => {
  const model = new IecModeCMeter('1')
  const hasty: PolledDevice = {
    profile: model.profile,
    address: '1',
    truth: (at) => model.truth(at),
    answer(bytes, at) {
      const ident = model.answer(bytes, at)
      const data = model.answer(Uint8Array.of(0x06, 0x30, 0x30, 0x30, 0x0d, 0x0a), at)
      return ident && data && { bytes: Uint8Array.of(...ident.bytes, ...data.bytes), points: data.points }
    },
  }
  const { clock, port, heard, said } = await aLine([{ device: hasty }])
  await passes(clock, 60)
  expect(heard).toHaveLength(1)
  expect(heard).toEqual(said())
  expect(port.heardByDevices).toEqual(['/?!\r\n'])
})

test('two meters on one line are asked by their addresses, and each is read as itself', async () => {
  const { clock, heard, said, port } = await aLine([meter(), { device: new IecModeCMeter('87654321', { offer: '3' }) }])
  await passes(clock, 60)
  expect(port.heardByDevices).toContain('/?12345678!\r\n')
  expect(port.heardByDevices).toContain('/?87654321!\r\n')
  expect(heard).toHaveLength(2)
  expect(heard).toEqual(said())
})

test('M-Bus meters share a line: each is reset, asked, and asked on; a dead one costs the others nothing', async () => {
  const dead: Speaker = { device: mbusWater('3'), dead: true }
  const slow: Speaker = { device: mbusWater('2'), reaction: millis(1_200) }
  const { clock, port, heard, said, silences } = await aLine([{ device: mbusHeat('1') }, slow, dead], serial(2_400))
  port.echo = true
  await passes(clock, 60)
  expect(heard.map(({ profile }) => profile)).toEqual(['mbus/heat', 'mbus/water'])
  expect(heard).toEqual(said())
  expect(silences).toEqual([{ profile: 'mbus/water', why: 'no-answer', alive: false }])
  expect(port.speeds).toEqual([2_400])
})
