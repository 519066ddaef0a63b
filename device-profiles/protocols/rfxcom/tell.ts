import { absent, type EventType, type Reading, reading } from '@anju/contract'
import { ByteReader, decimal, hexOf } from '../../src/byte-reader.ts'
import { scanAll } from '../../src/frame-scanner.ts'
import { type PointReading, type Protocol, type Told, tellScanned } from '../../src/telling.ts'
import { type RfxcomPacket, rfxcomFraming } from './framing.ts'

export const rfxcom: Protocol = {
  name: 'rfxcom',
  read: ({ bytes }) => tellScanned(scanAll(rfxcomFraming, bytes), tell, `no RFXCOM packet in ${bytes.length} bytes`),
}

interface Content {
  readonly kind: string
  readonly words?: Readonly<Record<string, unknown>>
  readonly readings?: readonly PointReading[]
  readonly events?: readonly EventType[]
}

/** The framing has proven the length of each type, so that no read here can run out of bytes. */
function tell(packet: RfxcomPacket): Told {
  const content = contentOf(packet)
  return {
    is: 'told',
    frame: {
      packetType: hex(packet.type),
      subtype: hex(packet.subtype),
      seq: packet.sequence,
      kind: content.kind,
      ...content.words,
    },
    readings: content.readings ?? [],
    events: content.events ?? [],
  }
}

function contentOf(packet: RfxcomPacket): Content {
  const input = new ByteReader(packet.data)
  switch (packet.type) {
    case 0x01:
      return { kind: 'interface_response' }
    case 0x02:
      return { kind: 'transmitter_response', words: { message: input.u8() } }
    case 0x13:
      return lighting4(input)
    case 0x20:
      return security1(input, packet.subtype)
    case 0x50:
      return { kind: 'temp', words: { id: id(input), ...withSignal(packet) }, readings: [temperature(input)] }
    case 0x51:
      return { kind: 'hum', words: { id: id(input), ...withSignal(packet) }, readings: [humidity(input)] }
    case 0x52:
      return {
        kind: 'temp_hum',
        words: { id: id(input), ...withSignal(packet) },
        readings: [temperature(input), humidity(input)],
      }
    case 0x59:
      return elec1(input, packet)
    case 0x5a:
      return elec2(input, packet)
    default:
      return { kind: 'other', words: { data: hexOf(packet.data) } }
  }
}

/** EV1527, PT2262 and their kin: 24 bits, no battery, no supervision, and anybody can send them again. */
function lighting4(input: ByteReader): Content {
  const words = { code: hexOf(input.bytes(3)), pulseUs: input.u16be(), rssi: input.u8() >> 4 }
  return { kind: 'lighting4', words }
}

const STATUSES: Readonly<Record<number, string>> = {
  0x00: 'normal',
  0x01: 'normal_delayed',
  0x02: 'alarm',
  0x03: 'alarm_delayed',
  0x04: 'motion',
  0x05: 'no_motion',
  0x06: 'panic',
  0x07: 'end_panic',
  0x08: 'ir',
  0x09: 'arm_away',
  0x0a: 'arm_away_delayed',
  0x0b: 'arm_home',
  0x0c: 'arm_home_delayed',
  0x0d: 'disarm',
  0x16: 'battery_low',
  0x17: 'pairing',
}
const PANIC = 0x06
const BATTERY_LOW = 0x16
/** Smoke detectors (KD101, SA30, RM174RF) have no word of their own for smoke: they say panic. */
const SMOKE_SUBTYPES = new Set([0x03, 0x08, 0x09])

function security1(input: ByteReader, subtype: number): Content {
  const words = { id: hexOf(input.bytes(3)) }
  const byte = input.u8()
  const status = byte & 0x7f
  const signal = signalOf(input.u8())
  const smokeDetector = SMOKE_SUBTYPES.has(subtype)
  const readings: PointReading[] = [{ point: 'tamper', quantity: 'tamper', reading: reading((byte & 0x80) !== 0) }]
  const moving = { 0x04: 1, 0x05: 0 }[status]
  if (moving !== undefined) readings.push({ point: 'motion', quantity: 'motion', reading: reading(moving) })
  const burning = smokeDetector ? { 0x00: 0, 0x06: 1, 0x07: 0 }[status] : undefined
  if (burning !== undefined) readings.push({ point: 'smoke', quantity: 'smoke', reading: reading(burning) })
  const events: EventType[] = []
  if (status === PANIC) events.push(smokeDetector ? 'smoke' : 'sos-pressed')
  if (status === BATTERY_LOW) events.push('battery-low')
  return {
    kind: 'security1',
    words: { ...words, status: STATUSES[status] ?? `status ${hex(status)}`, ...signal },
    readings,
    events,
  }
}

/** Clamps of current: tenths of amperes on three channels. */
function elec1(input: ByteReader, packet: RfxcomPacket): Content {
  const words = { id: id(input), count: input.u8(), ...withSignal(packet) }
  const readings = ['a', 'b', 'c'].map(
    (phase): PointReading => ({
      point: `current-${phase}`,
      quantity: 'electric-current',
      reading: reading(decimal(input.u16be(), -1)),
    }),
  )
  return { kind: 'elec1', words, readings }
}

/** The total counts 1/223.666 Wh. Between two totals some clamps send 0: not reported, never a counter at nothing. */
function elec2(input: ByteReader, packet: RfxcomPacket): Content {
  const words = { id: id(input), count: input.u8(), ...withSignal(packet) }
  const watts = input.u32be()
  const total = input.u16be() * 0x1_0000_0000 + input.u32be()
  const energy = total === 0 ? absent('not-reported') : reading(Number((total / 223_666).toFixed(3)))
  return {
    kind: 'elec2',
    words,
    readings: [
      { point: 'active-power', quantity: 'active-power', reading: reading(watts) },
      { point: 'active-energy', quantity: 'active-energy-import', reading: energy },
    ],
  }
}

const id = (input: ByteReader): string => hexOf(input.bytes(2))

/** Tenths of degrees; the top bit is the sign, not a complement. */
function temperature(input: ByteReader): PointReading {
  const raw = input.u16be()
  const value = decimal(raw & 0x7fff, -1)
  return { point: 'temperature', quantity: 'temperature', reading: reading((raw & 0x8000) === 0 ? value : -value) }
}

function humidity(input: ByteReader): PointReading {
  const raw = input.u8()
  const value: Reading = raw <= 100 ? reading(raw) : absent('invalid')
  return { point: 'humidity', quantity: 'relative-humidity', reading: value }
}

/** The last byte of a packet: rssi high, battery low; 9 is full and 0 is low. */
const withSignal = ({ data }: RfxcomPacket) => signalOf(data.at(-1) ?? 0)
const signalOf = (byte: number) => ({ rssi: byte >> 4, battery: byte & 0x0f, batteryLow: (byte & 0x0f) === 0 })

const hex = (byte: number): string => byte.toString(16).padStart(2, '0').toUpperCase()
