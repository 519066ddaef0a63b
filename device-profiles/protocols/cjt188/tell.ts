import type { Reading } from '@anju/contract'
import { hexLowFirst, hexOf } from '../../src/byte-reader.ts'
import { decodeWith } from '../../src/decode-with.ts'
import { scanAll } from '../../src/frame-scanner.ts'
import { type PointReading, type Protocol, type Telling, type Told, tellScanned } from '../../src/telling.ts'
import { type Cjt188Frame, cjt188Framing } from './framing.ts'
import { heatValues, type MeterValues, volumeValues } from './values.ts'

export const cjt188: Protocol = {
  name: 'cjt188',
  read: ({ bytes }) => {
    const trailingBytes = bytesAfterLastFrame(bytes)
    const more = trailingBytes > 0 ? { trailingBytes } : {}
    return tellScanned(
      scanAll(cjt188Framing, bytes),
      (frame) => tell(frame, more),
      `no CJ/T 188 frame in ${bytes.length} bytes`,
    )
  },
}

function bytesAfterLastFrame(bytes: Uint8Array): number {
  let end = 0
  for (let at = 0; at < bytes.byteLength; at++) {
    const sight = cjt188Framing.look(bytes.subarray(at))
    if (sight.is !== 'frame') continue
    end = at + sight.length
    at = end - 1
  }
  return bytes.byteLength - end
}

const METER_TYPES: Readonly<Record<number, string>> = {
  0x10: 'cold_water',
  0x11: 'hot_water',
  0x12: 'drinking_water',
  0x13: 'reclaimed_water',
  0x20: 'heat',
  0x21: 'cooling',
  0x30: 'gas',
  0x40: 'electricity',
}
const VALVE = 'A017'
const VALVE_COMMANDS: Readonly<Record<number, string>> = { 0x55: 'valve_open', 0x99: 'valve_close' }
const CURRENT = '901F'

/** One frame in the standard's words. @throws DomainError `frame-malformed` when it ends too early. */
export const frameWords = (frame: Cjt188Frame): Told['frame'] => tellFrame(frame, {}).frame

function tell(frame: Cjt188Frame, more: Record<string, unknown>): Telling {
  const attempt = decodeWith((given: Cjt188Frame) => tellFrame(given, more), frame)
  if (attempt.ok) return attempt.value
  return { is: 'refused', code: attempt.error.code, reason: 'malformed', why: attempt.error.message }
}

function tellFrame({ meterType, address, control, data }: Cjt188Frame, more: Record<string, unknown>): Told {
  const words = {
    meterType: METER_TYPES[meterType] ?? `type_${meterType.toString(16)}`,
    address,
    control: control.toString(16).padStart(2, '0').toUpperCase(),
    direction: (control & 0x80) !== 0 ? 'response' : 'request',
    ...more,
  }
  if ((control & 0x40) !== 0) return told({ ...words, abnormal: true, status: hexOf(data) })
  const di = identifierOf(data)
  const named =
    di === undefined
      ? words
      : { ...words, di, diBytes: `${hexOf(data.subarray(0, 1))} ${hexOf(data.subarray(1, 2))}`, sequence: data[2] }
  if (control === 0x04) {
    const command = di === VALVE ? VALVE_COMMANDS[data[3] ?? 0] : undefined
    return told({ ...named, command: command ?? 'write_data', neverSentByGateway: true })
  }
  if (control === 0x15 || control === 0x16 || control === 0x17)
    return told({ ...named, command: 'write_setting', neverSentByGateway: true })
  if (control !== 0x81 || di !== CURRENT) return told(named)
  const heat = meterType >= 0x20 && meterType <= 0x29
  return told({ ...named }, heat ? heatValues(data.subarray(3)) : volumeValues(data.subarray(3)), meterType)
}

/** Some makers send it low byte first, as the standard says, some as it is printed. */
function identifierOf(data: Uint8Array): string | undefined {
  if (data.byteLength < 3) return undefined
  const printed = hexOf(data.subarray(0, 2))
  return printed === CURRENT || printed === VALVE ? printed : hexLowFirst(data.subarray(0, 2))
}

function told(frame: Record<string, unknown>, values?: MeterValues, meterType = 0): Told {
  if (!values) return { is: 'told', frame, readings: [], events: [] }
  const quantity = meterType >= 0x30 && meterType <= 0x39 ? 'gas-volume' : 'water-volume'
  const readings: PointReading[] = [{ point: 'volume', quantity, reading: values.volume }]
  if (values.settlement) readings.push({ point: 'settlement-volume', quantity, reading: values.settlement })
  const { heat } = values
  if (heat)
    readings.push(
      { point: 'supply-temperature', quantity: 'temperature', reading: heat.supplyC },
      { point: 'return-temperature', quantity: 'temperature', reading: heat.returnC },
    )
  const more = heat
    ? { energyKwh: number(heat.energyKwh), hours: number(heat.hours), unitBeforeValue: heat.unitBeforeValue }
    : {}
  return {
    is: 'told',
    frame: { ...frame, timeLocal: values.timeLocal, status: values.status, ...more },
    readings,
    events: [],
  }
}

const number = (given: Reading): number | null => (given.is === 'value' ? given.value : null)
