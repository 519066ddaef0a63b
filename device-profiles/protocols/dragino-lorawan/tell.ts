import { absent, reading } from '@anju/contract'
import { ByteReader, hexOf } from '../../src/byte-reader.ts'
import { Readings, raisedBy, refusal, tellOne, told } from '../../src/tell-one.ts'
import type { Told } from '../../src/telling.ts'

const CONTACT_PORT = 10
const DATA_PORT = 2
const ABOUT_PORT = 5
const contactBytes = 10
const buttonBytes = 8
const climateBytes = 11

/**
 * Doors and leaks (LDS02, LWL02: port 10), the panic button PB01 and the thermometer LHT65 (port 2); high byte first. The
 * maker's other doors and leaks also send eleven bytes on port 2, and only their profile could tell them apart.
 */
export const draginoLorawan = tellOne('dragino-lorawan', ({ bytes, fPort }) => {
  if (fPort === CONTACT_PORT || (fPort === undefined && bytes.byteLength === contactBytes)) return tellContact(bytes)
  if (fPort === ABOUT_PORT) return tellAbout(bytes)
  if (fPort === DATA_PORT && bytes.byteLength === climateBytes) return tellClimate(bytes)
  if (fPort === DATA_PORT || (fPort === undefined && bytes.byteLength === buttonBytes)) return tellButton(bytes)
  throw refusal('not-this-protocol', `port ${fPort}: not ${CONTACT_PORT}, ${DATA_PORT} or ${ABOUT_PORT}`)
})

const DOOR = 1
const LEAK = 2
const BOTH = 3

/** `u16` bit 15 open, bit 14 leak, 14 bits mV | mode | count u24 | minutes of the last one u24 | bit 0 alarm. */
function tellContact(bytes: Uint8Array): Told {
  const input = new ByteReader(bytes)
  const head = input.u16be()
  const mode = input.u8()
  if (mode < DOOR || mode > BOTH) throw refusal('not-this-protocol', `mode ${mode}: neither a door nor a leak`)
  const count = u24(input)
  const lastMinutes = u24(input)
  const alarm = (input.u8() & 1) === 1
  input.end()
  const readings = new Readings()
  readings.add('battery-voltage', 'battery-voltage', reading((head & 0x3fff) / 1_000))
  // 1 is closed with us.
  if (mode !== LEAK) readings.add('contact', 'contact', reading((head & 0x8000) === 0))
  if (mode !== DOOR) readings.add('water-leak', 'water-leak', reading((head & 0x4000) !== 0))
  const counts = mode === BOTH ? {} : { count, lastMinutes }
  return told({ mode, ...counts, alarm }, readings.list, raisedBy(readings.list))
}

/** Model, firmware, band and battery, once a day. */
function tellAbout(bytes: Uint8Array): Told {
  const input = new ByteReader(bytes)
  const model = input.u8()
  const firmware = input.u16be()
  const bands = hexOf(input.bytes(2))
  const readings = new Readings()
  readings.add('battery-voltage', 'battery-voltage', reading(input.u16be() / 1_000))
  input.end()
  const firmwareVersion = [(firmware >> 8) & 0x0f, (firmware >> 4) & 0x0f, firmware & 0x0f].join('.')
  return told({ model, firmwareVersion, bands }, readings.list)
}

const NOT_MEASURED = 0x7fff
const hundredths = (raw: number) => (raw === NOT_MEASURED ? absent('device-fault') : reading(((raw << 16) >> 16) / 100))
const millivoltsMin = 2_000
const millivoltsMax = 3_800

/** LHT65: `u16` two bits of battery and its mV | i16 0.01 °C | 12 bits 0.1 % | what is plugged in | its value. */
function tellClimate(bytes: Uint8Array): Told {
  const input = new ByteReader(bytes)
  const head = input.u16be()
  const millivolts = head & 0x3fff
  const batteryStatus = head >> 14
  if (batteryStatus === 0 || millivolts < millivoltsMin || millivolts > millivoltsMax)
    throw refusal('not-this-protocol', 'no battery in front: some other device of eleven bytes')
  const warmth = input.u16be()
  const humidity = input.u16be() & 0x0fff
  const plugged = input.u8()
  const value = input.u16be()
  const frame = { batteryStatus, external: plugged & 0x0f }
  // Asked for after an outage: measured then, not now.
  if ((plugged & 0x40) !== 0) return told({ ...frame, history: hexOf(bytes) })
  const readings = new Readings()
  readings.add('battery-voltage', 'battery-voltage', reading(millivolts / 1_000))
  readings.add('temperature', 'temperature', hundredths(warmth))
  readings.add('humidity', 'relative-humidity', reading(humidity / 10))
  const gone = (plugged & 0x80) !== 0
  if (frame.external === 1 || frame.external === 2)
    readings.add('external-temperature', 'temperature', gone ? absent('device-fault') : hundredths(value))
  if (frame.external === 5) readings.add('illuminance', 'illuminance', gone ? absent('device-fault') : reading(value))
  return told({ ...frame, ...(frame.external === 4 ? { pinHigh: value >> 8 !== 0 } : {}) }, readings.list)
}

/** `u16` mV | bit 1 sound of the key, bit 0 sound of the answer | bit 0 pressed | i16 0.1 °C | u16 0.1 %. No capture was found. */
function tellButton(bytes: Uint8Array): Told {
  const input = new ByteReader(bytes)
  const millivolts = input.u16be()
  const sounds = input.u8()
  const pressed = (input.u8() & 1) === 1
  const temperature = (input.u16be() << 16) >> 16
  const humidity = input.u16be()
  input.end()
  const readings = new Readings()
  readings.add('battery-voltage', 'battery-voltage', reading(millivolts / 1_000))
  readings.add('temperature', 'temperature', reading(temperature / 10))
  readings.add('humidity', 'relative-humidity', reading(humidity / 10))
  const frame = { alarm: pressed, keySound: (sounds & 2) !== 0, answerSound: (sounds & 1) !== 0 }
  return told(frame, readings.list, pressed ? ['sos-pressed'] : [])
}

const u24 = (input: ByteReader): number => input.u8() * 0x1_0000 + input.u16be()
