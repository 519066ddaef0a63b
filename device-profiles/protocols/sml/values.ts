import type { Reading } from '@anju/contract'
import { hexOf } from '../../src/byte-reader.ts'
import { type Register, readRegister, readScaled } from '../../src/obis.ts'
import type { SmlEntry } from './lists.ts'
import { flagAt, integerAt } from './reader.ts'

/** What an entry says of a register; the same as its text says, which is made only of numbers beyond a double. */
export function readValue(register: Register, content: Uint8Array, entry: SmlEntry, shortened: boolean): Reading {
  if (entry.is === 'bytes') return readRegister(register, valueText(content, entry, shortened) ?? '', undefined)
  const { scaler } = entry
  return (
    readScaled(register, numberOf(content, entry, shortened), scaler, unitOf(entry)) ??
    readRegister(register, valueText(content, entry, shortened) ?? '', unitOf(entry))
  )
}

/** Null when it was sent and cannot be told. */
export function valueText(content: Uint8Array, entry: SmlEntry, shortened: boolean): string | null {
  const { at, bytes, scaler } = entry
  if (entry.is === 'bytes') return printable(content.subarray(at, at + bytes))
  if (scaler < SCALER_MIN) return null
  const number = numberOf(content, entry, shortened)
  return scaledText(Number.isSafeInteger(number) ? BigInt(number) : largeNumber(content, entry), scaler)
}
/** Powers of ten are of one byte. */
const SCALER_MIN = -128

function numberOf(content: Uint8Array, entry: SmlEntry, shortened: boolean): number {
  const { is, at, bytes } = entry
  if (is === 'flag') return flagAt(content, at, bytes)
  const isShortened = shortened && entry.unit === WATT && bytes < 4
  return integerAt(content, at, bytes, is === 'signed' && !isShortened)
}

function largeNumber(content: Uint8Array, { is, at, bytes }: SmlEntry): bigint {
  const value = BigInt(`0x${hexOf(content.subarray(at, at + bytes))}`)
  return is === 'signed' ? BigInt.asIntN(bytes * 8, value) : value
}

/** Undefined for a text, which has none. */
export const unitOf = ({ is, unit }: SmlEntry): string | undefined =>
  unit === undefined || is === 'bytes' ? undefined : (UNITS.get(unit) ?? `unit ${unit}`)

/** DLMS units (IEC 62056-62 §4.3.2) that meters of electricity, gas, water and heat use. */
const UNITS: ReadonlyMap<number, string> = new Map([
  [1, 'a'],
  [2, 'mo'],
  [3, 'wk'],
  [4, 'd'],
  [5, 'h'],
  [6, 'min'],
  [7, 's'],
  [8, '°'],
  [9, '°C'],
  [13, 'm3'],
  [14, 'm3'],
  [15, 'm3/h'],
  [16, 'm3/h'],
  [19, 'l'],
  [24, 'bar'],
  [25, 'J'],
  [26, 'J/h'],
  [27, 'W'],
  [28, 'VA'],
  [29, 'var'],
  [30, 'Wh'],
  [31, 'VAh'],
  [32, 'varh'],
  [33, 'A'],
  [35, 'V'],
  [44, 'Hz'],
  [45, '1/(Wh)'],
  [46, '1/(varh)'],
  [47, '1/(VAh)'],
  [52, 'K'],
  [56, '%'],
])
const WATT = 27

/**
 * DZG DVS74 meters leave out leading zero bytes of a power and with them its sign: 356.24 W come as the two bytes of
 * -299.12 W. Below zero they shorten nothing, so up to three bytes are without a sign. The maker has named the numbers of
 * these meters; all others, also those with numbers between, send signs as they should.
 */
export function losesZeros(server: Uint8Array | undefined): boolean {
  if (server?.byteLength !== DZG.length + 5 || DZG.some((byte, i) => server[i] !== byte)) return false
  const number = integerAt(server, DZG.length, 5, false)
  return (number >= 42_000_000 && number < 49_000_000) || (number >= 55_000_000 && number < 59_000_000)
}
const DZG = [0x0a, 0x01, 0x44, 0x5a, 0x47]

/** Sixty-four bits and a power of ten as decimal digits: no double in between. */
export function scaledText(value: bigint, scaler: number): string {
  const sign = value < 0n ? '-' : ''
  const digits = (value < 0n ? -value : value).toString()
  if (scaler >= 0) return digits === '0' ? '0' : `${sign}${digits}${'0'.repeat(Math.min(scaler, 30))}`
  const padded = digits.padStart(1 - scaler, '0')
  return `${sign}${padded.slice(0, scaler)}.${padded.slice(scaler)}`
}

const printable = (bytes: Uint8Array): string =>
  bytes.every((byte) => byte >= 0x20 && byte < 0x7f) ? String.fromCharCode(...bytes) : hexOf(bytes)
