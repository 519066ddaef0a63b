import { ByteReader, hexOf } from '../../src/byte-reader.ts'
import { scanAll } from '../../src/frame-scanner.ts'
import { type Protocol, type Told, tellScanned } from '../../src/telling.ts'
import { type Content, hex, type Read, withRssi } from './content.ts'
import { type RfxcomPacket, rfxcomFraming } from './framing.ts'
import * as remotes from './remotes.ts'
import { security1, security2 } from './security.ts'
import * as sensors from './sensors.ts'

export const rfxcom: Protocol = {
  name: 'rfxcom',
  read: ({ bytes }) => tellScanned(scanAll(rfxcomFraming, bytes), tell, `no RFXCOM packet in ${bytes.length} bytes`),
}

/** What the transmitter says to an order; we give none, another program on the same stick may. */
const ANSWERS = ['ack', 'ack_delayed', 'nak_no_lock', 'nak_ac_address']
const RECEIVERS: Readonly<Record<number, string>> = {
  0x50: '310MHz',
  0x51: '315MHz',
  0x53: '433.92MHz',
  0x55: '868.00MHz',
}

/** Firmware that starts its receiver by an order has numbers from 1,000 on, and says its type. */
const MODERN_BYTES = 0x14 - 3
/** Types of firmware on newer chips, which count from 2,000. */
const NEWER_TYPES = new Set([0x14, 0x15, 0x18])
const START_RECEIVER = 0x07

/** Subtype 0 answers what the receiver is, 7 greets; the others answer orders that we do not give. */
const interfaceAnswer: Read = (_, { subtype, data }) => {
  const kind = { kind: 'interface_response', words: { kindPrinted: 'status', command: data[0] } }
  if (subtype === START_RECEIVER) return { ...kind, words: { ...kind.words, text: printable(data.subarray(1)) } }
  if (subtype !== 0) return { ...kind, words: { ...kind.words, data: hexOf(data) } }
  const [command = 0, receiverType = 0, number = 0] = data
  const modern = data.byteLength === MODERN_BYTES
  const firmwareType = data[10] ?? 0
  const from = modern ? (NEWER_TYPES.has(firmwareType) ? 2_000 : 1_000) : 0
  return {
    kind: 'interface_response',
    words: {
      kindPrinted: 'status',
      command,
      receiverType,
      receiver: RECEIVERS[receiverType] ?? null,
      firmware: from + number,
      firmwareByte: number,
      ...(modern ? { firmwareType } : {}),
    },
  }
}
const printable = (bytes: Uint8Array): string => String.fromCharCode(...bytes).replaceAll(/[^ -~]/g, '')

const transmitterAnswer: Read = (input) => {
  const message = input.u8()
  const answer = ANSWERS[message] ?? null
  return { kind: 'transmitter_response', words: { message, answer, ack: message <= 1 } }
}
const undecoded: Read = (_, { data }) => ({ kind: 'undecoded', words: { data: hexOf(data) } })

const READS: Readonly<Record<number, Read>> = {
  0x01: interfaceAnswer,
  0x02: transmitterAnswer,
  0x03: undecoded,
  0x10: remotes.lighting1,
  0x11: remotes.lighting2,
  0x13: remotes.lighting4,
  0x14: remotes.lighting5,
  0x15: remotes.lighting6,
  0x16: remotes.chime,
  0x19: remotes.rollerTrol,
  0x1a: remotes.rfy,
  0x1e: remotes.funkbus,
  0x20: security1,
  0x21: security2,
  0x40: sensors.thermostat1,
  0x4e: sensors.bbq,
  0x4f: sensors.tempRain,
  0x50: sensors.temp,
  0x51: sensors.hum,
  0x52: sensors.tempHum,
  0x53: sensors.baro,
  0x54: sensors.tempHumBaro,
  0x55: sensors.rain,
  0x56: sensors.wind,
  0x57: sensors.uv,
  0x59: sensors.elec1,
  0x5a: sensors.elec2,
  0x5b: sensors.elec4,
  0x5c: sensors.elec5,
  0x5d: sensors.weight,
  0x70: sensors.rfxSensor,
  0x71: sensors.rfxMeter,
}
const other: Read = (_, packet): Content => ({
  kind: 'other',
  words: { data: hexOf(packet.data), ...withRssi(packet) },
})

/** The framing has proven the length of each type, so that no read here can run out of bytes. */
function tell(packet: RfxcomPacket): Told {
  const content = (READS[packet.type] ?? other)(new ByteReader(packet.data), packet)
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
