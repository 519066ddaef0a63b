import { absent, reading } from '@anju/contract'
import { ByteReader, hexOf } from '../../src/byte-reader.ts'
import { Readings, raisedBy, refusal, tellOne, told } from '../../src/tell-one.ts'
import type { Told } from '../../src/telling.ts'
import {
  tellBrowanButton,
  tellBrowanClimate,
  tellBrowanDoor,
  tellBrowanLeak,
  tellBrowanLight,
  tellBrowanMotion,
  tellBrowanSound,
} from './browan.ts'
import { tellElsys } from './elsys.ts'
import { tellMerryIotAir, tellMerryIotDoor, tellMerryIotLeak, tellMerryIotMotion } from './merryiot.ts'
import { tellNetvox, tellNetvoxAnswer } from './netvox.ts'

/** Makers that are told apart by their port. The network server names the device; here only the port is known. */
const BY_PORT: Readonly<Record<number, (bytes: Uint8Array) => Told>> = {
  5: tellElsys,
  6: tellNetvox,
  7: tellNetvoxAnswer,
  8: tellYobiiq,
  100: tellBrowanDoor,
  102: tellBrowanMotion,
  103: tellBrowanClimate,
  104: tellBrowanLight,
  105: tellBrowanSound,
  106: tellBrowanLeak,
  147: tellBrowanButton,
  120: tellMerryIotDoor,
  122: tellMerryIotMotion,
  126: tellMerryIotLeak,
  127: tellMerryIotAir,
}

export const otherLorawan = tellOne('other-lorawan', ({ bytes, fPort }) => {
  const read = fPort === undefined ? undefined : BY_PORT[fPort]
  if (!read)
    throw refusal('not-this-protocol', `port ${fPort ?? 'not given'}: not one of ${Object.keys(BY_PORT).join()}`)
  return read(bytes)
})

/** Yobiiq SD-1001 smoke detector: `id | 00 | value` each. Smoke and the test button are both told: which it was, policy decides. */
function tellYobiiq(bytes: Uint8Array): Told {
  const input = new ByteReader(bytes)
  const readings = new Readings()
  const words: Record<string, unknown> = {}
  if (bytes.byteLength === 0) throw refusal('incomplete', 'empty')
  while (input.left > 0) {
    const id = input.u8()
    if (id === ABOUT) {
      readAbout(input, words)
      continue
    }
    if (input.u8() !== 0) throw refusal('not-this-protocol', `item ${id}: no 00 behind its id`)
    const value = input.u8()
    const flag = YOBIIQ_FLAGS[id]
    if (id === 1) readings.add('battery', 'battery-level', reading(value))
    else if (id === 5) readings.add('smoke', 'smoke', value > 1 ? absent('invalid') : reading(value))
    else if (flag) words[flag] = value > 1 ? null : value === 1
    else throw refusal('not-this-protocol', `item ${id} is not known`)
  }
  return told(words, readings.list, raisedBy(readings.list))
}
/** `FF | item | value`: what the device is, sent when it starts. */
const ABOUT = 0xff
function readAbout(input: ByteReader, words: Record<string, unknown>): void {
  const item = input.u8()
  if (item === 0x09) words.hardwareVersion = `V${input.u8().toString(16)}.${input.u8().toString(16)}`
  else if (item === 0x0a) words.firmwareVersion = `V${input.u8().toString(16)}.${input.u8().toString(16)}`
  else if (item === 0x16) words.serialNumber = hexOf(input.bytes(5))
  else if (item === 0x0f) words.lorawanClass = `Class ${'ABC'[input.u8()] ?? '?'}`
  else if (item === 0x0b) words.mainsPower = input.u8() === 1
  else throw refusal('not-this-protocol', `about ${item}: not known`)
}
const YOBIIQ_FLAGS: Readonly<Record<number, string>> = {
  2: 'mainsPower',
  3: 'batteryLow',
  4: 'fault',
  6: 'interconnectAlarm',
  7: 'testButton',
}
