import { absent, type Quantity, reading } from '@anju/contract'
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

const i16 = (input: ByteReader): number => (input.u16be() << 16) >> 16
const climate: Reader = (input, readings) => {
  readings.add('temperature', 'temperature', reading(i16(input) / 100))
  readings.add('humidity', 'relative-humidity', reading(input.u16be() / 100))
}
const light: Reader = (input, readings) => readings.add('illuminance', 'illuminance', reading(input.u16be()))
const detectorInRoom: Reader = (input, readings) => {
  readings.add('temperature', 'temperature', reading(i16(input) / 100))
  light(input, readings, {})
  readings.add('motion', 'motion', reading(bit(input)))
  readings.add('tamper', 'tamper', reading(bit(input)))
}
/** Which functions are there and which of them report is told bit by bit; the thermometer may not be one of them. */
const manyFunctions: Reader = (input, readings, words) => {
  const functions = input.u16be()
  words.functions = functions.toString(2)
  words.reports = input.u16be().toString(2)
  const has = (functions & 1) === 1
  const warmth = i16(input)
  readings.add('temperature', 'temperature', has ? reading(warmth / 100) : absent('not-supported'))
  const humidity = input.u8()
  readings.add('humidity', 'relative-humidity', has ? reading(humidity / 2) : absent('not-supported'))
}
const plugState: Reader = (input, readings, words) => {
  readings.add('switch', 'switched-on', reading(bit(input)))
  readings.add('active-energy', 'active-energy-import', reading(input.u32be() / 1_000))
  words.overCurrent = bit(input)
  words.inrushCurrent = bit(input)
  words.mainsLost = bit(input)
}
const plugPower: Reader = (input, readings) => {
  readings.add('voltage', 'electric-potential', reading(input.u16be()))
  readings.add('current', 'electric-current', reading(input.u16be() / 1_000))
  readings.add('active-power', 'active-power', reading(input.u16be()))
}
const plug = (name: string): Model => ({ name, mains: true, reports: { 1: plugState, 2: plugPower } })
const of = (name: string, read: Reader): Model => ({ name, reports: { 1: read } })

/** By the device type in the second byte. */
const MODELS: Readonly<Record<number, Model>> = {
  0x01: of('R711', climate),
  0x02: of('R311A', contact),
  0x03: of('RB11E', detectorInRoom),
  0x04: of('R311G', light),
  0x06: of('R311W', (input, readings) => {
    readings.add('water-leak', 'water-leak', reading(bit(input)))
    readings.add('water-leak', 'water-leak', reading(bit(input)))
  }),
  0x0a: of('RA02A', fire('smoke', 'smoke')),
  0x0b: of('R718A', climate),
  0x0e: plug('R809A'),
  0x10: of('RB02I', press),
  0x11: of('RA02C', fire('carbon-monoxide', 'carbon-monoxide')),
  0x12: of('R718WB', detector('water-leak', 'water-leak')),
  0x13: of('R718AB', climate),
  0x1a: of('R718DA', contact),
  0x1b: of('R718DB', contact),
  0x1d: of('R718F', contact),
  0x21: of('R718J', contact),
  0x25: of('R718LB', contact),
  0x27: of('R718MBA', contact),
  0x31: of('R718T', press),
  0x32: of('R718WA', detector('water-leak', 'water-leak')),
  0x4b: of('R311B', light),
  0x4c: of('R311CA', twoContacts),
  0x4d: of('R312A', press),
  0x4f: of('R311FA', contact),
  // A door bell: pressed by whoever comes.
  0x55: of('R312', press),
  0x56: of('R313CB', twoContacts),
  0x5b: of('R718Q', contact),
  0x6e: of('R720A', climate),
  0x73: plug('R816B'),
  0xa8: of('R311DA', contact),
  0xa9: of('R311DB', contact),
  0xd2: { name: 'R315', reports: { 1: manyFunctions, 2: light } },
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
  if (report === VERSION_REPORT) {
    const versions = input.bytes(input.left)
    const [software = 0, hardware = 0] = versions
    const about = {
      softwareVersion: software / 10,
      hardwareVersion: hardware,
      dateCode: hexOf(versions.subarray(2, 6)),
    }
    return told({ ...words, versions: hexOf(versions), ...about })
  }
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

const ANSWER = 0x80
/** Port 7: the answer to a setting or to a question about one. Nothing that was measured. */
export function tellNetvoxAnswer(bytes: Uint8Array): Told {
  const [command = 0, type = -1] = bytes
  const model = MODELS[type]
  if (bytes.byteLength !== payloadBytes || (command & ANSWER) === 0 || !model)
    throw refusal('not-this-protocol', 'no answer of a Netvox')
  return told({ device: model.name, answerTo: command & ~ANSWER, unread: hexOf(bytes.subarray(2)) })
}
