import { type Quantity, reading } from '@anju/contract'
import { ByteReader, hexOf } from '../../src/byte-reader.ts'
import { Readings, raisedBy, refusal, told } from '../../src/tell-one.ts'
import type { Told } from '../../src/telling.ts'

type Words = Record<string, unknown>
type Reader = (input: ByteReader, readings: Readings, words: Words) => void
interface Model {
  readonly name: string
  /** Reports that we can read: 1 is the usual one. */
  readonly reports: Readonly<Record<number, Reader>>
  /** On the mains: the byte of the battery belongs to the report. */
  readonly mains?: true
}

const bit = (input: ByteReader): boolean => input.u8() !== 0
const detector =
  (point: string, quantity: Quantity): Reader =>
  (input, readings) =>
    readings.add(point, quantity, reading(bit(input)))
const fire =
  (point: string, quantity: Quantity): Reader =>
  (input, readings, words) => {
    readings.add(point, quantity, reading(bit(input)))
    words.highTemperature = bit(input)
  }
const contact: Reader = (input, _readings, words) => {
  words.status1 = bit(input)
}
const twoContacts: Reader = (input, _readings, words) => {
  words.status1 = bit(input)
  words.status2 = bit(input)
}
const press: Reader = (input, _readings, words) => {
  words.pressed = bit(input)
}

/** By the device type in the second byte. */
const MODELS: Readonly<Record<number, Model>> = {
  0x02: { name: 'R311A', reports: { 1: contact } },
  0x06: {
    name: 'R311W',
    reports: {
      1: (input, readings) => {
        readings.add('water-leak', 'water-leak', reading(bit(input)))
        readings.add('water-leak', 'water-leak', reading(bit(input)))
      },
    },
  },
  0x0a: { name: 'RA02A', reports: { 1: fire('smoke', 'smoke') } },
  0x10: { name: 'RB02I', reports: { 1: press } },
  0x11: { name: 'RA02C', reports: { 1: fire('carbon-monoxide', 'carbon-monoxide') } },
  0x12: { name: 'R718WB', reports: { 1: detector('water-leak', 'water-leak') } },
  0x1d: { name: 'R718F', reports: { 1: contact } },
  0x31: { name: 'R718T', reports: { 1: press } },
  0x32: { name: 'R718WA', reports: { 1: detector('water-leak', 'water-leak') } },
  0x4c: { name: 'R311CA', reports: { 1: twoContacts } },
  0x4d: { name: 'R312A', reports: { 1: press } },
  0x56: { name: 'R313CB', reports: { 1: twoContacts } },
  0x73: {
    name: 'R816B',
    mains: true,
    reports: {
      1: (input, readings, words) => {
        readings.add('switch', 'switched-on', reading(bit(input)))
        readings.add('active-energy', 'active-energy-import', reading(input.u32be() / 1_000))
        words.overCurrent = bit(input)
      },
    },
  },
}
/** An SOS button's whole purpose is its press. */
const SOS_BUTTONS: ReadonlySet<string> = new Set(['R312A', 'RB02I', 'R718T'])

const payloadBytes = 11
const VERSION = 1
const VERSION_REPORT = 0

/** `01 | device type | report | battery: bit 7 low, 0.1 V | values, filled up with 00 to 11 bytes`. Port 6. */
export function tellNetvox(bytes: Uint8Array): Told {
  const input = new ByteReader(bytes)
  if (bytes.byteLength !== payloadBytes || input.u8() !== VERSION)
    throw refusal('not-this-protocol', `no Netvox report: ${bytes.byteLength} bytes, version ${bytes[0]}`)
  const type = input.u8()
  const report = input.u8()
  const model = MODELS[type]
  if (!model) throw refusal('not-this-protocol', `device type ${type} is not known`)
  const words: Words = { device: model.name, report }
  if (report === VERSION_REPORT) return told({ ...words, versions: hexOf(input.bytes(input.left)) })
  const read = model.reports[report]
  if (!read) return told({ ...words, unread: hexOf(input.bytes(input.left)) })
  const readings = new Readings()
  if (!model.mains) {
    const battery = input.u8()
    words.batteryLow = (battery & 0x80) !== 0
    readings.add('battery-voltage', 'battery-voltage', reading((battery & 0x7f) / 10))
  }
  read(input, readings, words)
  const pressed = words.pressed === true && SOS_BUTTONS.has(model.name)
  return told(words, readings.list, [...(pressed ? (['sos-pressed'] as const) : []), ...raisedBy(readings.list)])
}
