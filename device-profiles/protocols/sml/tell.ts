import { hexOf } from '../../src/byte-reader.ts'
import { decodeWith } from '../../src/decode-with.ts'
import { scanAll } from '../../src/frame-scanner.ts'
import { obisReading } from '../../src/obis.ts'
import { type Protocol, type Telling, type Told, tellScanned } from '../../src/telling.ts'
import { type SmlFile, smlFraming } from './framing.ts'
import { type Node, readMessages } from './tree.ts'

export const sml: Protocol = {
  name: 'sml',
  read: ({ bytes }) => tellScanned(scanAll(smlFraming, bytes), tell, `no SML file in ${bytes.length} bytes`),
}

function tell(file: SmlFile): Telling {
  const attempt = decodeWith(tellFile, file)
  if (attempt.ok) return attempt.value
  return { is: 'refused', code: attempt.error.code, reason: 'malformed', why: attempt.error.message }
}

const GET_LIST_RESPONSE = 0x0701n

interface Value {
  readonly code: string
  /** Null when it was sent and cannot be told. */
  readonly value: string | null
  readonly unit?: string
}

export function tellFile({ content }: SmlFile): Told {
  const lists = readMessages(content).flatMap((message) => {
    const body = nodesOf(nodesOf(message)[3])
    return numberOf(body[0]) === GET_LIST_RESPONSE ? [nodesOf(body[1])] : []
  })
  const values = lists.flatMap((list) => {
    const unsigned = losesZeros(list[1])
    return nodesOf(list[4]).flatMap((entry) => valueOf(nodesOf(entry), unsigned) ?? [])
  })
  const first = values.filter(({ code }, i) => values.findIndex((other) => other.code === code) === i)
  const server = lists.map((list) => list[1]).find((node) => node?.is === 'bytes')
  return {
    is: 'told',
    frame: {
      ...(server?.is === 'bytes' ? { serverId: hexOf(server.bytes) } : {}),
      count: first.length,
      values: Object.fromEntries(
        first.map(({ code, value, unit }) => [code, { value, ...(unit === undefined ? {} : { unit }) }]),
      ),
    },
    readings: first.flatMap(({ code, value, unit }) => obisReading(code, value ?? '', unit) ?? []),
    events: [],
  }
}

/** DLMS units (IEC 62056-62 §4.3.2) that meters of electricity, gas, water and heat use. */
const UNITS: Readonly<Record<number, string>> = {
  1: 'a',
  2: 'mo',
  3: 'wk',
  4: 'd',
  5: 'h',
  6: 'min',
  7: 's',
  8: '°',
  9: '°C',
  13: 'm3',
  14: 'm3',
  15: 'm3/h',
  16: 'm3/h',
  19: 'l',
  24: 'bar',
  25: 'J',
  26: 'J/h',
  27: 'W',
  28: 'VA',
  29: 'var',
  30: 'Wh',
  31: 'VAh',
  32: 'varh',
  33: 'A',
  35: 'V',
  44: 'Hz',
  45: '1/(Wh)',
  46: '1/(varh)',
  47: '1/(VAh)',
  52: 'K',
  56: '%',
}

/** objName, status, valTime, unit, scaler, value, signature. */
function valueOf(entry: readonly Node[], losesZeros: boolean): Value | undefined {
  const [name, , , unit, scaler, value] = entry
  if (name?.is !== 'bytes' || name.bytes.byteLength !== 6) return undefined
  const [a, b, c, d, e, f] = name.bytes
  const code = `${a}-${b}:${c}.${d}.${e}*${f}`
  if (value?.is === 'bytes') return { code, value: printable(value.bytes) }
  if (value?.is !== 'number') return undefined
  const given = numberOf(unit)
  const named = given === undefined ? undefined : (UNITS[Number(given)] ?? `unit ${given}`)
  const told = { code, ...(named === undefined ? {} : { unit: named }) }
  const number =
    losesZeros && named === 'W' && value.bytes < 4 ? BigInt.asUintN(value.bytes * 8, value.value) : value.value
  return { ...told, value: scaledText(number, Number(numberOf(scaler) ?? 0n)) }
}

/**
 * DZG DVS74 meters leave out leading zero bytes of a power and with them its sign: 356.24 W come as the two bytes of
 * -299.12 W. Below zero they shorten nothing, so up to three bytes are without a sign. The maker has named the numbers of
 * these meters; all others, also those with numbers between, send signs as they should.
 */
function losesZeros(server: Node | undefined): boolean {
  if (server?.is !== 'bytes') return false
  const id = hexOf(server.bytes)
  if (!/^0A01445A47[0-9A-F]{10}$/.test(id)) return false
  const number = Number.parseInt(id.slice(10), 16)
  return (number >= 42_000_000 && number < 49_000_000) || (number >= 55_000_000 && number < 59_000_000)
}

/** Sixty-four bits and a power of ten as decimal digits: no double in between. */
export function scaledText(value: bigint, scaler: number): string {
  const sign = value < 0n ? '-' : ''
  const digits = (value < 0n ? -value : value).toString()
  if (scaler >= 0) return digits === '0' ? '0' : `${sign}${digits}${'0'.repeat(Math.min(scaler, 30))}`
  const padded = digits.padStart(1 - scaler, '0')
  return `${sign}${padded.slice(0, scaler)}.${padded.slice(scaler)}`
}

const nodesOf = (node: Node | undefined): readonly Node[] => (node?.is === 'list' ? node.nodes : [])
const numberOf = (node: Node | undefined): bigint | undefined => (node?.is === 'number' ? node.value : undefined)
const printable = (bytes: Uint8Array): string =>
  bytes.every((byte) => byte >= 0x20 && byte < 0x7f) ? String.fromCharCode(...bytes) : hexOf(bytes)
