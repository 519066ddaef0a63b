import { type Quantity, reading } from '@anju/contract'
import { ByteReader } from '../../src/byte-reader.ts'
import { Readings, raisedBy, refusal, tellOne, told } from '../../src/tell-one.ts'
import type { Told } from '../../src/telling.ts'

const CONTACT_PORT = 10
const BUTTON_PORT = 2
const contactBytes = 10
const buttonBytes = 8

/** Doors and leaks (LDS02, LWL02: port 10) and the panic button PB01 (port 2); high byte first. */
export const draginoLorawan = tellOne('dragino-lorawan', ({ bytes, fPort }) => {
  if (fPort === CONTACT_PORT || (fPort === undefined && bytes.byteLength === contactBytes)) return tellContact(bytes)
  if (fPort === BUTTON_PORT || (fPort === undefined && bytes.byteLength === buttonBytes)) return tellButton(bytes)
  throw refusal('not-this-protocol', `port ${fPort}: neither ${CONTACT_PORT} nor ${BUTTON_PORT}`)
})

const DOOR = 1
const LEAK = 2

/** `u16` bit 15 open, bit 14 leak, 14 bits mV | mode | count u24 | minutes of the last one u24 | bit 0 alarm. */
function tellContact(bytes: Uint8Array): Told {
  const input = new ByteReader(bytes)
  const head = input.u16be()
  const mode = input.u8()
  if (mode !== DOOR && mode !== LEAK) throw refusal('not-this-protocol', `mode ${mode}: neither a door nor a leak`)
  const count = u24(input)
  const lastMinutes = u24(input)
  const alarm = (input.u8() & 1) === 1
  input.end()
  const readings = new Readings()
  readings.add('battery-voltage', 'battery-voltage', reading((head & 0x3fff) / 1_000))
  const [point, quantity, on]: [string, Quantity, boolean] =
    mode === DOOR
      ? // 1 is closed with us.
        ['contact', 'contact', (head & 0x8000) === 0]
      : ['water-leak', 'water-leak', (head & 0x4000) !== 0]
  readings.add(point, quantity, reading(on))
  return told({ mode, count, lastMinutes, alarm }, readings.list, raisedBy(readings.list))
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
