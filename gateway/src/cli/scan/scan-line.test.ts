import { type Instant, instant, type Millis, millis, seconds, seededRandom } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { encodeRead } from '@anju/device-profiles/protocols/dlt645/encode'
import { expect, test } from 'vitest'
import * as line from '../../../../tests/harness/scanned-line.ts'
import type { Found } from './findings.ts'
import { planOf } from './plan.ts'
import { scanLine } from './scan-line.ts'

const noon = instant(Date.UTC(2026, 2, 9, 12))

interface Given {
  readonly url?: string
  readonly thorough?: boolean
  readonly all?: boolean
  /** Ctrl-C after so long. */
  readonly stopAfter?: Millis
  readonly set?: (port: line.ScannedLine) => void
}

async function scanned(devices: readonly line.OnLine[], given: Given = {}) {
  const { url = 'serial:/dev/ttyUSB0', thorough = false, all = false, stopAfter, set } = given
  const clock = new VirtualClock(noon)
  const port = new line.ScannedLine(clock, devices)
  set?.(port)
  const found: Found[] = []
  const said: string[] = []
  const stopping = new AbortController()
  if (stopAfter !== undefined) clock.after(stopAfter, () => stopping.abort())
  const trials = planOf(url, { thorough })
  const scan = scanLine(
    trials,
    { all, print: (one) => found.push(one as Found), say: (text) => said.push(text) },
    { open: port.open, clock, random: seededRandom(1), signal: stopping.signal },
  )
  const code = await line.passUntil(clock, scan)
  const took = clock.monotonic()
  return { found, said, code, port, took, takes: trials.reduce((sum, { takes }) => sum + takes, 0) }
}

const usb = 'serial:/dev/ttyUSB0'
test.for([
  {
    what: 'an electricity meter',
    set: '2400 8E1',
    device: () => line.dlt645SinglePhase('000000000161'),
    found: { protocol: 'dlt645-2007', address: '000000000161', line: `${usb}?baud=2400&parity=even` },
    says: /^Active energy, import .* kWh$/,
    first: 'dlt645/single-phase',
  },
  {
    what: 'the same at another speed',
    set: '9600 8E1',
    device: () => line.dlt645SinglePhase('112233445566'),
    found: { protocol: 'dlt645-2007', address: '112233445566', line: `${usb}?baud=9600&parity=even` },
    says: /kWh/,
    first: 'dlt645/single-phase',
  },
  {
    what: 'an older electricity meter',
    set: '1200 8E1',
    device: () => line.dlt645Meter1997('000000012345'),
    found: { protocol: 'dlt645-1997', address: '000000012345', line: `${usb}?baud=1200&parity=even` },
    says: /kWh/,
    first: 'dlt645/single-phase-1997',
  },
  {
    what: 'a cold water meter',
    set: '2400 8E1',
    device: () => line.cjt188ColdWater('00000805000001'),
    found: { protocol: 'cjt188', address: '00000805000001', line: `${usb}?baud=2400&parity=even` },
    says: /m3/,
    first: 'cjt188/cold-water',
  },
  {
    what: 'a meter of registers',
    set: '2400 8N1',
    device: () => line.eastronSdm120('7'),
    found: { protocol: 'modbus-rtu', address: '7', line: `${usb}?baud=2400&parity=none` },
    says: /Frequency 50 Hz, Active energy .* kWh/,
    first: 'eastron/sdm120',
  },
  {
    what: 'a heat meter with the older identifier',
    set: '2400 8E1',
    device: () => line.cjt188Heat('00000000000042'),
    found: { protocol: 'cjt188', address: '00000000000042', line: `${usb}?baud=2400&parity=even` },
    says: /kWh/,
    first: 'cjt188/heat',
  },
  {
    what: 'a meter that keeps its registers elsewhere',
    set: '9600 8N1',
    device: () => line.chintDdsu666('3'),
    found: { protocol: 'modbus-rtu', address: '3', line: `${usb}?baud=9600&parity=none` },
    says: /kWh/,
    first: 'chint/ddsu666',
  },
  {
    what: 'a meter of fewer registers',
    set: '9600 8N1',
    device: () => line.pzem004t('1'),
    found: { protocol: 'modbus-rtu', address: '1', line: `${usb}?baud=9600&parity=none` },
    says: /V/,
    first: 'peacefair/pzem-004t-v3',
  },
  {
    what: 'a water meter on M-Bus',
    set: '2400 8E1',
    device: () => line.mbusWater('9'),
    found: { protocol: 'mbus', address: '9', line: `${usb}?baud=2400&parity=even` },
    says: /m3/,
    first: 'mbus/water',
  },
  {
    what: 'a meter under an optical head',
    set: '300 7E1',
    device: () => new line.IecModeCMeter('12345678'),
    found: { protocol: 'iec62056-21', line: `${usb}?baud=300&parity=even&databits=7` },
    says: /kWh/,
    first: 'iec62056/electricity',
  },
  {
    what: 'a meter that speaks by itself',
    set: '2400 7E1',
    device: () => line.iecPushMeter(),
    found: { protocol: 'iec62056-21', line: `${usb}?baud=2400&parity=even&databits=7` },
    says: /kWh/,
    first: 'iec62056/electricity-push',
  },
  {
    what: 'a P1 port',
    set: '115200 8N1',
    device: () => line.p1MeterWithGas(),
    found: { protocol: 'dsmr-p1', line: `${usb}?baud=115200&parity=none` },
    says: /kWh/,
    first: 'dsmr/p1',
  },
  {
    what: 'an optical head over SML',
    set: '9600 8N1',
    device: () => line.smlMeter(),
    found: { protocol: 'sml', line: `${usb}?baud=9600&parity=none` },
    says: /kWh/,
    first: 'sml/electricity',
  },
  {
    what: 'a fall radar',
    set: '115200 8N1',
    device: () => line.mr60fda2(),
    found: { protocol: 'tinyframe-radar', line: `${usb}?baud=115200&parity=none` },
    says: /./,
    first: 'seeed/mr60fda2',
  },
  {
    what: 'a presence radar',
    set: '115200 8N1',
    device: () => line.mr24hpc1(),
    found: { protocol: 'radar-5359', line: `${usb}?baud=115200&parity=none` },
    says: /./,
    first: 'seeed/mr24hpc1',
  },
  {
    what: 'a small presence radar',
    set: '256000 8N1',
    device: () => line.ld2410(),
    found: { protocol: 'ld2410', line: `${usb}?baud=256000&parity=none` },
    says: /^Somebody/,
    first: 'hilink/ld2410',
  },
])('$what at $set is found with its settings, its address and its first words', async (row) => {
  const { found, code, said, took, takes, port } = await scanned([{ set: row.set, device: row.device() }])
  expect(found).toEqual([
    { ...row.found, says: expect.stringMatching(row.says) as string, profiles: expect.any(Array) as string[] },
  ])
  expect(found[0]?.profiles[0]).toBe(row.first)
  expect(code).toBe(0)
  expect(port.isOpen).toBe(false)
  expect(took).toBeLessThan(takes + 60_000)
  expect(said.at(-1)).toContain(row.found.line)
})

test.for([
  { what: '433 MHz button', set: '19200 8N1', device: line.ev1527Button, sender: 'ABCDE', protocol: 'rf433-portisch' },
  { what: 'panic pendant', set: '38400 8N1', device: line.panicPendant, sender: 'D3DC54', protocol: 'rfxcom' },
  { what: 'door contact', set: '57600 8N1', device: line.doorContact, sender: '0181B744', protocol: 'esp3' },
])('a $what behind a receiver is found by its sender when it is pressed while the scan listens', async (row) => {
  const sender = row.device(row.sender)
  const pressed = { every: seconds(3), speak: (at: Instant) => sender.speak(at) }
  const { found, said, code } = await scanned([{ set: row.set, device: pressed }])
  expect(found).toMatchObject([{ protocol: row.protocol, address: row.sender }])
  expect(found[0]?.profiles).toContain(sender.profile)
  expect(code).toBe(0)
  expect(said.at(-1)).toContain('press the buttons')
})

test('two electricity meters that answer at once are no meter at all, and the installer is told to connect one at a time', async () => {
  const { found, said, code, port } = await scanned([
    { set: '2400 8E1', device: line.dlt645SinglePhase('000000000161') },
    { set: '2400 8E1', device: line.dlt645SinglePhase('000000000287') },
  ])
  expect(found).toEqual([])
  expect(code).toBe(1)
  expect(said.at(-1)).toMatch(/baud=2400&parity=even: several dlt645-2007 meters answered at once.*one by one/)
  expect(port.opened).toEqual(['2400 8E1'])
})

test('two electricity meters that wait for each other are both found', async () => {
  const { found } = await scanned([
    { set: '2400 8E1', device: line.dlt645SinglePhase('000000000161') },
    { set: '2400 8E1', device: line.dlt645SinglePhase('000000000287'), reaction: millis(500) },
  ])
  expect(found.map(({ address }) => address)).toEqual(['000000000161', '000000000287'])
})

test('a meter that takes longer than it may is found all the same, once', async () => {
  const slow = { set: '2400 8E1', device: line.dlt645SinglePhase('000000000161'), reaction: millis(1_400) }
  const { found } = await scanned([slow])
  expect(found).toMatchObject([{ protocol: 'dlt645-2007', address: '000000000161' }])
})

test('two water meters on M-Bus spoil the call to everybody, and are found one address at a time', async () => {
  const { found, said } = await scanned([
    { set: '2400 8E1', device: line.mbusWater('3') },
    { set: '2400 8E1', device: line.mbusWater('12') },
  ])
  expect(found.map(({ protocol, address }) => [protocol, address])).toEqual([
    ['mbus', '3'],
    ['mbus', '12'],
  ])
  expect(said.at(-1)).toMatch(/several mbus devices answered at once; --thorough asks every address/)
})

test('meters of registers and a meter of the state grid on one line are all found', async () => {
  const { found } = await scanned([
    { set: '9600 8E1', device: line.eastronSdm120('1') },
    { set: '9600 8E1', device: line.eastronSdm120('16') },
    { set: '9600 8E1', device: line.dlt645SinglePhase('000000000161') },
  ])
  expect(found.map(({ protocol, address }) => `${protocol} ${address}`).toSorted()).toEqual([
    'dlt645-2007 000000000161',
    'modbus-rtu 1',
    'modbus-rtu 16',
  ])
})

test('unit 200 is found by a thorough scan only', async () => {
  const device = { set: '9600 8N1', device: line.eastronSdm120('200') }
  const url = `${usb}?baud=9600`
  expect((await scanned([device], { url })).found).toEqual([])
  expect((await scanned([device], { url, thorough: true })).found).toMatchObject([{ address: '200' }])
})

test('a scan ends where something answered, and goes on with --all', async () => {
  const devices = [
    { set: '2400 8E1', device: line.mbusWater('3') },
    { set: '9600 8N1', device: line.eastronSdm120('1') },
  ]
  const early = await scanned(devices)
  expect(early.port.opened).toEqual(['2400 8E1'])
  const whole = await scanned(devices, { all: true })
  expect(whole.found.map(({ protocol }) => protocol)).toEqual(['mbus', 'modbus-rtu'])
  expect(whole.port.opened.length).toBeGreaterThan(15)
  expect(whole.took).toBeLessThan(whole.takes + 60_000)
})

test('with a speed only that one is tried, with a parity only settings of that parity', async () => {
  const meter = { set: '2400 8E1', device: line.dlt645SinglePhase('000000000161') }
  const wrong = await scanned([meter], { url: `${usb}?baud=9600&parity=even` })
  expect(wrong).toMatchObject({ found: [], code: 1, port: { opened: ['9600 8E1'] } })
  const none = await scanned([], { url: `${usb}?parity=even&databits=7` })
  expect(none.port.opened.toSorted()).toEqual(['2400 7E1', '300 7E1', '9600 7E1'])
})

test('behind a TCP converter whatever it is set to is asked in every protocol', async () => {
  const { found } = await scanned([{ set: '1200 8E1', device: line.mbusWater('5') }], { url: 'tcp://10.0.0.7:4001' })
  expect(found).toMatchObject([{ protocol: 'mbus', address: '5', line: 'tcp://10.0.0.7:4001' }])
})

test('nothing there: every setting is tried within the time that was promised, and the sentence says what to look at', async () => {
  const { found, said, code, port, took, takes } = await scanned([])
  expect(found).toEqual([])
  expect(code).toBe(1)
  expect(said.at(-1)).toBe('nothing was heard: check A and B, the power of the device, and that it is this port')
  expect(said[0]).toMatch(/^\d+ settings, at most \d+ min/)
  expect(said.filter((text) => / of \d+: serial:/.test(text))).toHaveLength(port.opened.length)
  expect(port.opened.length).toBe(new Set(port.opened).size)
  expect(took).toBeLessThan(takes * 1.05)
})

test('an adapter that hears itself finds nobody in its own echo', async () => {
  const { found, said } = await scanned([], { set: (port) => (port.echo = true) })
  expect(found).toEqual([])
  expect(said.at(-1)).toMatch(/^only the echo of our own questions came back/)
})

test('a meter is found through the echo of an optical head', async () => {
  const meter = { set: '300 7E1', device: new line.IecModeCMeter('12345678') }
  const { found } = await scanned([meter], { set: (port) => (port.echo = true) })
  expect(found).toMatchObject([{ protocol: 'iec62056-21', says: expect.stringContaining('kWh') as string }])
})

test('a radar at a speed that nobody knows is bytes without a frame', async () => {
  const { found, said, code } = await scanned([{ set: '31250 8N1', device: line.ld2410() }])
  expect(found).toEqual([])
  expect(code).toBe(1)
  expect(said.at(-1)).toMatch(/^bytes came, but no frame at any speed that was tried/)
})

/** What such a meter says, from the vectors of DL/T 645. */
const newerMeter = Buffer.from(
  'FEFEFEFE683000C305608063001519' +
    '11381D90001785010130' +
    '1B07000101010202000202060000000000000001' +
    '00044C3EEEF6B3CA16',
  'hex',
)
test('a meter of the newest series is named, with what can be done about it', async () => {
  const { found, said, code } = await scanned([
    { set: '9600 8E1', device: { every: seconds(1), speak: () => newerMeter } },
  ])
  expect(found).toEqual([])
  expect(code).toBe(1)
  expect(said.at(-1)).toMatch(/baud=9600&parity=even: these bytes look like DL\/T 698\.45/)
})

test('where somebody else asks, nothing is asked, and who answers him is found', async () => {
  const meter = line.dlt645SinglePhase('000000000161')
  const asked = Buffer.from(encodeRead({ dialect: '2007', ask: 'data', address: '000000000161', di: '00010000' }))
  const traffic = {
    every: seconds(1),
    speak: (at: Instant) => Buffer.concat([asked, meter.answer(asked, at)?.bytes ?? asked]),
  }
  const { found, said, port } = await scanned([{ set: '2400 8E1', device: traffic }])
  expect(found).toMatchObject([{ protocol: 'dlt645-2007', address: '000000000161' }])
  expect(port.written).toEqual([])
  expect(said.at(-1)).toMatch(/somebody else asks on this line/)
})

test('Ctrl-C closes the port and hands back what was found', async () => {
  const meter = { set: '2400 8E1', device: line.dlt645SinglePhase('000000000161') }
  const { code, port, said, took } = await scanned([meter], { all: true, stopAfter: seconds(60) })
  expect(code).toBe(130)
  expect(port.isOpen).toBe(false)
  expect(took).toBeLessThan(62_000)
  expect(said.at(-1)).toMatch(/^stopped at \d+ of \d+/)
})

test('a port that is not there ends the scan at once; one that does not know a speed does not', async () => {
  const gone = await scanned([], { set: (port) => (port.refuses = () => 'No such file or directory') })
  expect(gone.code).toBe(1)
  expect(gone.said.at(-1)).toBe('the line could not be opened: No such file or directory')
  expect(gone.took).toBeLessThan(2_000)
  const simple = await scanned([{ set: '38400 8N1', device: line.mr24hpc1() }], {
    set: (port) => (port.refuses = (set) => (Number.parseInt(set, 10) > 115_200 ? 'no such speed' : undefined)),
  })
  expect(simple.found).toMatchObject([{ protocol: 'radar-5359' }])
  expect(simple.said.at(-1)).toContain('no such speed')
})
