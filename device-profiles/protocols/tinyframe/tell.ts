import { absent, type EventType, type Reading, reading } from '@anju/contract'
import { ByteReader } from '../../src/byte-reader.ts'
import { scanAll } from '../../src/frame-scanner.ts'
import type { PointReading, Protocol, Told } from '../../src/telling.ts'
import { tellScanned } from '../../src/telling.ts'
import { FAMILY_DATA_BYTES_MAX, type TinyFrame, tinyFraming } from './framing.ts'

export const tinyframeRadar: Protocol = {
  name: 'tinyframe-radar',
  read: ({ bytes }) =>
    tellScanned(scanAll(tinyFraming(FAMILY_DATA_BYTES_MAX), bytes), tell, `no TinyFrame in ${bytes.length} bytes`),
}

interface Meaning {
  readonly frame?: Readonly<Record<string, unknown>>
  readonly readings?: readonly PointReading[]
}
/** A type read by its length too: the same number is a command with its value, an acknowledgement with one byte. */
type Reader = (data: Uint8Array, input: ByteReader) => Meaning | undefined

/** Types that the MR60FDA2 and the LD6002 family agree on. Others mean different things on different models. */
const TYPES: Readonly<Record<number, Reader>> = {
  0x0e02: (data, input) => (data.length === 1 ? { readings: [flag('fall', 'fall', input.u8())] } : undefined),
  0x0f09: (data, input) => {
    if (data.length !== 1 && data.length !== 2) return undefined
    return { readings: [flag('presence', 'presence', data.length === 1 ? input.u8() : input.u16le())] }
  },
  0x0e04: setting((input) => ({ installHeightM: input.f32le() }), 4),
  0x0e08: setting((input) => ({ fallThresholdM: input.f32le() }), 4),
  0x0e0a: setting((input) => ({ sensitivity: input.u32le() }), 4),
  0x0e0c: setting((input) => ({ zoneM: [input.f32le(), input.f32le(), input.f32le(), input.f32le()] }), 16),
  0x0e06: (data, input) => {
    if (data.length === 0) return { frame: { direction: 'command', command: 'get_parameters' } }
    if (data.length !== 12 && data.length !== 28) return undefined
    const basics = { installHeightM: input.f32le(), fallThresholdM: input.f32le(), sensitivity: input.u32le() }
    const zone = data.length === 28 ? { zoneM: [input.f32le(), input.f32le(), input.f32le(), input.f32le()] } : {}
    return { frame: { ...basics, ...zone } }
  },
  // A printed table calls it uint32; the maker's own code and the hardware send a float.
  0x0e0e: (data, input) => (data.length === 4 ? { frame: { targetHeightM: input.f32le() } } : undefined),
  0x0a0a: (data, input) =>
    data.length === 16
      ? { frame: { zonePresence: [input.u32le(), input.u32le(), input.u32le(), input.u32le()] } }
      : undefined,
  0x0a0d: (data, input) => (data.length === 4 ? { frame: { holdDelayS: input.u32le() } } : undefined),
  0x0a0e: (data, input) => (data.length === 1 ? { frame: { sensitivity: input.u8() } } : undefined),
  0x0a0f: (data, input) => (data.length === 1 ? { frame: { trigger: input.u8() } } : undefined),
  0x0201: (data, input) => (data.length === 4 ? { frame: { direction: 'command', value: input.u32le() } } : undefined),
  0x2110: (data) =>
    data.length === 0
      ? { frame: { direction: 'command', command: 'radar_init', neverSentByGateway: true } }
      : undefined,
}

/** A command carries the value; its answer is one byte, 1 for done. */
function setting(value: (input: ByteReader) => Record<string, unknown>, length: number): Reader {
  return (data, input) => {
    if (data.length === length) return { frame: { direction: 'command', ...value(input) } }
    return data.length === 1 ? { frame: { ack: true, success: input.u8() === 1 } } : undefined
  }
}

const flag = (point: string, quantity: 'fall' | 'presence', value: number): PointReading => ({
  point,
  quantity,
  reading: value <= 1 ? reading(value) : (absent('invalid') satisfies Reading),
})

function tell({ id, type, data }: TinyFrame): Told {
  const meaning = TYPES[type]?.(data, new ByteReader(data))
  const readings = meaning?.readings ?? []
  const fallen = readings.some(
    ({ quantity, reading: says }) => quantity === 'fall' && says.is === 'value' && says.value === 1,
  )
  const events: EventType[] = fallen ? ['fall-detected'] : []
  return {
    is: 'told',
    frame: {
      type: type.toString(16).padStart(4, '0').toUpperCase(),
      frameId: id,
      ...(meaning ? meaning.frame : { unknown: true, dataBytes: data.length }),
    },
    readings,
    events,
  }
}
