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

/**
 * Types that the MR60FDA2, the MR60BHA2 and the LD6002 family agree on. Where they conflict, the length tells them apart: 0A14 is
 * a breath rate of four bytes or the LD6002B's mode of one.
 */
const TYPES: Readonly<Record<number, Reader>> = {
  0x0a04: (data, input) => targets(data, input),
  0x0a0b: (data, input) => zones(data, input, 'interferenceZonesM'),
  0x0a0c: (data, input) => zones(data, input, 'detectionZonesM'),
  0x0a10: (data, input) => (data.length === 8 ? { frame: { zRangeM: [input.f32le(), input.f32le()] } } : undefined),
  0x0a11: (data, input) => (data.length === 1 ? { frame: { sideMounted: input.u8() === 1 } } : undefined),
  0x0a12: (data, input) => (data.length === 1 ? { frame: { lowPower: input.u8() === 1 } } : undefined),
  0x0a13: (data, input) => {
    if (data.length === 4) return { frame: { sleepMs: input.u32le() } }
    return data.length === 12 ? { frame: { phases: [input.f32le(), input.f32le(), input.f32le()] } } : undefined
  },
  0x0a14: (data, input) => {
    if (data.length === 1) return { frame: { normalMode: input.u8() === 1 } }
    return rate(data, input, 'respiration-rate')
  },
  0x0a15: (data, input) => rate(data, input, 'heart-rate'),
  // Whether there is a distance at all, and the distance in centimetres.
  0x0a16: (data, input) => {
    if (data.length !== 8) return undefined
    const valid = input.u32le() !== 0
    return { frame: { distanceCm: valid ? input.f32le() : null } }
  },
  0x0e01: (data, input) =>
    data.length === 4 ? { frame: { direction: 'command', enabled: input.u32le() === 1 } } : undefined,
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
  0x0e0e: (data, input) => {
    if (data.length === 0) return { frame: { direction: 'command', command: 'enable_height_upload' } }
    return data.length === 4 ? { frame: { targetHeightM: input.f32le() } } : undefined
  },
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

/** A rate of 0 is what the radar sends while it measures none. */
function rate(data: Uint8Array, input: ByteReader, quantity: 'respiration-rate' | 'heart-rate'): Meaning | undefined {
  if (data.length !== 4) return undefined
  const value = input.f32le()
  return { readings: [{ point: quantity, quantity, reading: value === 0 ? absent('not-reported') : reading(value) }] }
}

/** A count and so many targets: with z on the LD6002B, without on the MR60BHA2; their length says which. */
function targets(data: Uint8Array, input: ByteReader): Meaning | undefined {
  if (data.length < 4) return undefined
  const targetCount = input.u32le()
  const each = targetCount === 0 ? 0 : (data.length - 4) / targetCount
  if (targetCount === 0 ? data.length !== 4 : each !== 20 && each !== 16) return undefined
  const all = Array.from({ length: targetCount }, () => ({
    xM: input.f32le(),
    yM: input.f32le(),
    ...(each === 20 ? { zM: input.f32le() } : {}),
    dopplerIndex: input.i32le(),
    cluster: input.i32le(),
  }))
  return { frame: { targetCount, targets: all } }
}

/** Four zones, each from and to in x, y and z. */
function zones(data: Uint8Array, input: ByteReader, word: string): Meaning | undefined {
  if (data.length !== 96) return undefined
  const zone = () => Array.from({ length: 6 }, () => input.f32le())
  return { frame: { [word]: Array.from({ length: 4 }, zone) } }
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
