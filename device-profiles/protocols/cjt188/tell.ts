import type { Reading } from '@anju/contract'
import { hexLowFirst, hexOf } from '../../src/byte-reader.ts'
import { decodeWith } from '../../src/decode-with.ts'
import { framePlaces } from '../../src/frame-places.ts'
import { scanAll } from '../../src/frame-scanner.ts'
import { type PointReading, type Protocol, type Telling, type Told, tellScanned } from '../../src/telling.ts'
import { type Cjt188Frame, cjt188Framing } from './framing.ts'
import { heatValues, type MeterValues, totalValues } from './values.ts'

export const cjt188: Protocol = {
  name: 'cjt188',
  read: ({ bytes }) => {
    const found = scanAll(cjt188Framing, bytes)
    const last = found.some(({ is }) => is === 'frame') ? framePlaces(cjt188Framing, bytes).at(-1) : undefined
    const trailingBytes = last ? bytes.byteLength - last.offset - last.length : 0
    const more = trailingBytes > 0 ? { trailingBytes } : {}
    return tellScanned(found, (frame) => tell(frame, more), `no CJ/T 188 frame in ${bytes.length} bytes`)
  },
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
/** What a master may ask without changing anything: data, address, key version. */
const READS = new Set([0x01, 0x03, 0x09])
const COMMANDS: Readonly<Record<number, string>> = { 0x04: 'write_data', 0x15: 'write_address', 0x16: 'write_total' }
/** Identifiers of the standard, as printed (tables 7 to 9): history, prices and days, address, keys and settings. */
const KNOWN = /^(?:901F|D12[0-9A-B]|810[2-6A]|A01[0-9])$/

/** One frame in the standard's words. @throws DomainError `frame-malformed` when it ends too early. */
export const frameWords = (frame: Cjt188Frame): Told['frame'] => tellFrame(frame, {}).frame

function tell(frame: Cjt188Frame, more: Record<string, unknown>): Telling {
  const attempt = decodeWith((given: Cjt188Frame) => tellFrame(given, more), frame)
  if (attempt.ok) return attempt.value
  return { is: 'refused', code: attempt.error.code, reason: 'malformed', why: attempt.error.message }
}

function tellFrame({ meterType, address, control, data }: Cjt188Frame, more: Record<string, unknown>): Told {
  const head = {
    meterType: METER_TYPES[meterType] ?? `type_${hexOf(Uint8Array.of(meterType))}`,
    address,
    ...(/^(?:AA){7}$/.test(address) ? { wildcard: true } : {}),
    control: hexOf(Uint8Array.of(control)),
    direction: (control & 0x80) !== 0 ? 'response' : 'request',
    ...more,
  }
  // A refusal is the number of the question and the status (§7.4.3).
  if ((control & 0xc0) === 0xc0) {
    const numbered = data.byteLength === 3
    return words({
      ...head,
      abnormal: true,
      ...(numbered ? { sequence: data[0] } : {}),
      status: hexOf(data.subarray(numbered ? 1 : 0)),
    })
  }
  const di = identifierOf(data)
  const named =
    di === undefined
      ? head
      : { ...head, di, diBytes: `${hexOf(data.subarray(0, 1))} ${hexOf(data.subarray(1, 2))}`, sequence: data[2] }
  if ((control & 0x80) === 0) {
    if (READS.has(control)) return words(named)
    const valve = di === VALVE ? VALVE_COMMANDS[data[3] ?? 0] : undefined
    return words({ ...named, command: valve ?? COMMANDS[control] ?? 'write_setting', neverSentByGateway: true })
  }
  if (control !== 0x81) return words(data.byteLength > 3 ? { ...named, status: hexOf(data.subarray(3)) } : named)
  const values = data.subarray(3)
  if (di !== CURRENT) return words(values.byteLength > 0 ? { ...named, data: hexOf(values) } : named)
  return answer(named, meterType, values)
}

/** The standard prints DI1 DI0 and some makers send them so; others send them low byte first, like every other number. */
function identifierOf(data: Uint8Array): string | undefined {
  if (data.byteLength < 3) return undefined
  const printed = hexOf(data.subarray(0, 2))
  return KNOWN.test(printed) ? printed : hexLowFirst(data.subarray(0, 2))
}

const words = (frame: Record<string, unknown>): Told => ({ is: 'told', frame, readings: [], events: [] })

function answer(frame: Record<string, unknown>, meterType: number, data: Uint8Array): Told {
  if (meterType >= 0x20 && meterType <= 0x29) return heat(frame, heatValues(data))
  const electric = meterType >= 0x40 && meterType <= 0x49
  const { total, settlement, timeLocal, status } = totalValues(data, electric ? 'energy' : 'volume')
  const [point, quantity] = electric
    ? (['active-energy', 'active-energy-import'] as const)
    : (['volume', meterType >= 0x30 && meterType <= 0x39 ? 'gas-volume' : 'water-volume'] as const)
  const readings: PointReading[] = [{ point, quantity, reading: total }]
  if (settlement) readings.push({ point: `settlement-${point}`, quantity, reading: settlement })
  const more = electric ? { energyKwh: number(total) } : {}
  return { is: 'told', frame: { ...frame, timeLocal, status, ...more }, readings, events: [] }
}

function heat(frame: Record<string, unknown>, { total, heat, timeLocal, status }: MeterValues): Told {
  if (!heat) return words(frame)
  return {
    is: 'told',
    frame: {
      ...frame,
      timeLocal,
      status,
      energyKwh: number(heat.energyKwh),
      energyGj: heat.energyKwh.is === 'value' ? heat.energyKwh.value * 0.0036 : null,
      settlementKwh: number(heat.settlementKwh),
      powerKw: number(heat.powerKw),
      flowM3h: number(heat.flowM3h),
      hours: number(heat.hours),
      unitBeforeValue: heat.unitBeforeValue,
    },
    readings: [
      { point: 'volume', quantity: 'water-volume', reading: total },
      { point: 'heat-energy', quantity: 'heat-energy', reading: heat.energyKwh },
      { point: 'supply-temperature', quantity: 'temperature', reading: heat.supplyC },
      { point: 'return-temperature', quantity: 'temperature', reading: heat.returnC },
    ],
    events: [],
  }
}

const number = (given: Reading): number | null => (given.is === 'value' ? given.value : null)
