import { hexOf } from '../../src/byte-reader.ts'
import { decodeWith } from '../../src/decode-with.ts'
import { framePlaces } from '../../src/frame-places.ts'
import { scanAll } from '../../src/frame-scanner.ts'
import { type Protocol, type ProtocolInput, type Telling, type Told, tellScanned } from '../../src/telling.ts'
import { wordsOf } from './encode.ts'
import { type ModbusFrame, modbusRtuFraming } from './framing.ts'
import { float32Of, type RegisterMap, readRegisters } from './register-map.ts'

type MapById = (id: string) => RegisterMap | undefined

/** Without a device only registers are told: what they mean is the meter's, and its number is not in an answer. */
export const modbusRtuWith = (mapById: MapById): Protocol => ({
  name: 'modbus-rtu',
  read: ({ bytes, device }) => {
    const as = device === undefined ? undefined : mapOf(device, mapById)
    if (as === 'unknown')
      return [
        {
          is: 'refused',
          code: 'request-malformed',
          reason: 'malformed',
          why: `device: not "vendor/model" or "vendor/model@first register in hex" of a known register map`,
        },
      ]
    const found = scanAll(modbusRtuFraming, bytes)
    const places = found.some(({ is }) => is === 'frame') ? framePlaces(modbusRtuFraming, bytes) : []
    let next = 0
    return tellScanned(
      found,
      (frame) => tell(frame, { frameOffset: places[next]?.offset, frameLength: places[next++]?.length }, as),
      `no Modbus RTU frame in ${bytes.length} bytes`,
    )
  },
})

interface As {
  readonly map: RegisterMap
  readonly from: number
}
function mapOf(device: NonNullable<ProtocolInput['device']>, mapById: MapById): As | 'unknown' {
  const match = /^([^@]+)(?:@([0-9A-F]{4}))?$/.exec(device)
  const map = mapById(match?.[1] ?? '')
  if (!map) return 'unknown'
  return { map, from: match?.[2] === undefined ? (map.blocks[0]?.from ?? 0) : Number.parseInt(match[2], 16) }
}

/** MODBUS Application Protocol V1.1b3 §7. */
const EXCEPTIONS: Readonly<Record<number, string>> = {
  1: 'illegal_function',
  2: 'illegal_data_address',
  3: 'illegal_data_value',
  4: 'slave_device_failure',
  5: 'acknowledge',
  6: 'slave_device_busy',
  8: 'memory_parity_error',
  10: 'gateway_path_unavailable',
  11: 'gateway_target_failed',
}
/** What changes a device, or may (§6.8: a diagnostic restarts its line, or makes it deaf). */
const WRITES: Readonly<Record<number, string>> = {
  0x05: 'write_single_coil',
  0x06: 'write_single_register',
  0x08: 'diagnostics',
  0x0f: 'write_multiple_coils',
  0x10: 'write_multiple_registers',
  0x15: 'write_file_record',
  0x16: 'mask_write_register',
  0x17: 'read_write_multiple_registers',
}
const REGISTER_READS = new Set([3, 4])

function tell(frame: ModbusFrame, place: Record<string, unknown>, as: As | undefined): Telling {
  const attempt = decodeWith((given: ModbusFrame) => tellFrame(given, place, as), frame)
  if (attempt.ok) return attempt.value
  return { is: 'refused', code: attempt.error.code, reason: 'malformed', why: attempt.error.message }
}

/** One frame by itself; with `as`, what its registers mean. @throws DomainError when they are none of that meter's. */
export function tellFrame(frame: ModbusFrame, place: Record<string, unknown> = {}, as?: As): Told {
  const code = frame.function & 0x7f
  const words = {
    unit: frame.unit,
    function: code,
    direction: frame.kind === 'request' ? 'request' : 'response',
    ...place,
  }
  if (frame.kind === 'exception') {
    const exception = frame.data[0] ?? 0
    return told({ ...words, exception, exceptionName: EXCEPTIONS[exception] ?? 'unknown' })
  }
  const write = WRITES[code]
  if (write) return told({ ...words, command: write, ...written(frame), neverSentByGateway: true })
  if (frame.kind === 'request' && code <= 4) return told({ ...words, ...at(frame), count: u16(frame.data, 2) })
  if (code < 3)
    return told({
      ...words,
      data: hexOf(frame.data.subarray(1)),
      bits: [...frame.data.subarray(1)].map((byte) => byte.toString(2).padStart(8, '0')),
      // The first coil is the lowest bit of the first byte.
      coils: [...frame.data.subarray(1)].flatMap((byte) =>
        Array.from({ length: 8 }, (_, i) => ((byte >> i) & 1) === 1),
      ),
    })
  if (!REGISTER_READS.has(code)) return told({ ...words, data: hexOf(frame.data) })

  const registers = wordsOf(frame)
  const bare = { ...words, registers: [...registers].map(hex4), ...numbersOf(registers) }
  if (!as) return told(bare)
  const switches = (as.map.switches ?? []).flatMap(({ at: register, word }) => {
    const value = registers[register - as.from]
    return value === undefined ? [] : [[word, value !== 0] as const]
  })
  return {
    ...told({ ...bare, map: as.map.id, register: hex4(as.from), ...Object.fromEntries(switches) }),
    readings: readRegisters(as.map, as.from, registers),
  }
}

/** What the registers would be as one number; which of these it is only the meter's document says. */
function numbersOf(registers: Uint16Array): Record<string, unknown> {
  const [first = 0, second = 0] = registers
  if (registers.length === 1) return { uint16: first, int16: (first << 16) >> 16 }
  if (registers.length % 2 !== 0) return {}
  const floats = Array.from({ length: registers.length / 2 }, (_, i) =>
    finite(float32Of(registers[i * 2] ?? 0, registers[i * 2 + 1] ?? 0)),
  )
  if (registers.length > 2) return { float32Be: floats }
  return {
    float32Be: floats[0],
    float32LowWordFirst: finite(float32Of(second, first)),
    int32Be: (first << 16) | second,
    uint32Be: first * 0x1_0000 + second,
    int32LowWordFirst: (second << 16) | first,
    uint32LowWordFirst: second * 0x1_0000 + first,
  }
}

/** Where a write goes, and what: one value, or for several their count and, in the request, the bytes. */
function written(frame: ModbusFrame): Record<string, unknown> {
  const { data } = frame
  const code = frame.function
  if (code === 0x05 || code === 0x06) return { ...at(frame), value: u16(data, 2) }
  if (code !== 0x0f && code !== 0x10) return { ...(code === 0x15 ? {} : at(frame)), data: hexOf(data) }
  const several = { ...at(frame), count: u16(data, 2) }
  if (frame.kind === 'response') return several
  if (code === 0x0f) return { ...several, data: hexOf(data.subarray(5)) }
  return {
    ...several,
    registers: Array.from({ length: (data[4] ?? 0) >> 1 }, (_, i) => hex4(u16(data, 5 + i * 2))),
  }
}

const told = (frame: Record<string, unknown>): Told => ({ is: 'told', frame, readings: [], events: [] })
const u16 = (data: Uint8Array, offset: number): number => ((data[offset] ?? 0) << 8) | (data[offset + 1] ?? 0)
const at = ({ data }: ModbusFrame): Record<string, unknown> => ({
  register: hex4(u16(data, 0)),
  address: u16(data, 0),
})
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
const hex4 = (value: number): string => value.toString(16).padStart(4, '0').toUpperCase()
