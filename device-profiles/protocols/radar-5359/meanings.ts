import { absent, type Quantity, type Reading, reading } from '@anju/contract'
import type { ByteReader } from '../../src/byte-reader.ts'
import type { PointReading } from '../../src/telling.ts'

/** What the data of a frame say, once they are as long as their command's. */
export interface Said {
  readonly readings?: readonly PointReading[]
  readonly words?: Readonly<Record<string, unknown>>
}
export interface Meaning {
  readonly name: string
  /** How long the data are; undefined: as long as the text in them. */
  readonly bytes: number | undefined
  readonly read: (input: ByteReader) => Said
}

const word =
  (key: string) =>
  (input: ByteReader): Said => ({ words: { [key]: input.u8() } })
const named =
  (key: string, names: readonly string[]) =>
  (input: ByteReader): Said => ({ words: { [key]: names[input.u8()] ?? null } })
const point =
  (name: string, quantity: Quantity, read: (input: ByteReader) => Reading) =>
  (input: ByteReader): Said => ({ readings: [{ point: name, quantity, reading: read(input) }] })
const nothing = (): Said => ({})

const flag = (input: ByteReader): Reading => {
  const value = input.u8()
  return value <= 1 ? reading(value) : absent('invalid')
}
const percent = (input: ByteReader): Reading => {
  const value = input.u8()
  return value <= 100 ? reading(value) : absent('invalid')
}
const metres = (input: ByteReader): Reading => reading(input.u16be() / 100)
/** A rate of 0 is what the radar says while it finds none: nobody there, or somebody who moves. It is no measurement. */
const rate = (input: ByteReader): Reading => {
  const value = input.u8()
  return value === 0 ? absent('not-reported') : reading(value)
}

/** 0 nobody, 1 still, 2 active. Another number is kept as it is and changes nothing. */
function motion(input: ByteReader): Said {
  const raw = input.u8()
  const moving = raw <= 2 ? reading(raw === 2) : absent('invalid')
  return { readings: [{ point: 'motion', quantity: 'motion', reading: moving }], words: { motionRaw: raw } }
}

/** Centimetres; the top bit is the sign, not a complement. */
function position(input: ByteReader): Said {
  const [xCm, yCm, zCm] = [0, 1, 2].map(() => {
    const raw = input.u16be()
    return (raw & 0x8000) === 0 ? raw : -(raw & 0x7fff)
  })
  return { words: { xCm, yCm, zCm } }
}

/** Five points of a second, about a middle of 128. */
const wave = (input: ByteReader): Said => ({ words: { wave: [...input.bytes(5)] } })
const minutes = (input: ByteReader): Said => ({ words: { minutes: input.u16be() } })

const SLEEP_STATES = ['deep', 'light', 'awake', 'none']
/** Every ten minutes of a night. */
function sleepSummary(input: ByteReader): Said {
  const readings: readonly PointReading[] = [{ point: 'presence', quantity: 'presence', reading: flag(input) }]
  const sleepState = SLEEP_STATES[input.u8()] ?? null
  const rates: readonly PointReading[] = [
    { point: 'respiration-rate', quantity: 'respiration-rate', reading: rate(input) },
    { point: 'heart-rate', quantity: 'heart-rate', reading: rate(input) },
  ]
  const [turns, largeMovesPct, smallMovesPct, apneas] = [0, 1, 2, 3].map(() => input.u8())
  return { readings: [...readings, ...rates], words: { sleepState, turns, largeMovesPct, smallMovesPct, apneas } }
}
/** After a night. */
function sleepQuality(input: ByteReader): Said {
  const [sleepScore, sleepMinutes] = [input.u8(), input.u16be()]
  const [awakePct, lightPct, deepPct, outOfBedMinutes, outOfBedCount, turns] = [0, 1, 2, 3, 4, 5].map(() => input.u8())
  const means = { breathMean: input.u8(), heartMean: input.u8(), apneas: input.u8() }
  const shares = { awakePct, lightPct, deepPct, outOfBedMinutes, outOfBedCount, turns }
  return { words: { sleepScore, sleepMinutes, ...shares, ...means } }
}

/** MR24HPC1 with its lower layer opened: energies, and half metres. */
const energies = (input: ByteReader): Said => ({
  words: {
    stillEnergy: input.u8(),
    stillDistanceM: input.u8() / 2,
    movingEnergy: input.u8(),
    movingDistanceM: input.u8() / 2,
    speedMs: (input.u8() - 10) / 2,
  },
})

const DIRECTIONS = ['none', 'approaching', 'leaving']
/** control << 8 | command. */
export const MEANINGS: Readonly<Record<number, Meaning>> = {
  0x0101: { name: 'heartbeat', bytes: 1, read: nothing },
  0x0102: { name: 'reset', bytes: 1, read: () => ({ words: { neverSentByGateway: true } }) },
  0x02a1: { name: 'product_model', bytes: undefined, read: nothing },
  0x02a2: { name: 'product_id', bytes: undefined, read: nothing },
  0x02a3: { name: 'hardware_model', bytes: undefined, read: nothing },
  0x02a4: { name: 'firmware_version', bytes: undefined, read: nothing },
  0x0501: { name: 'initialised', bytes: 1, read: word('value') },
  0x0507: { name: 'scene', bytes: 1, read: word('value') },
  0x0508: { name: 'sensitivity', bytes: 1, read: word('value') },
  0x0509: { name: 'custom_mode', bytes: 1, read: word('value') },
  0x0800: { name: 'energies_switch', bytes: 1, read: word('value') },
  0x0801: { name: 'energies', bytes: 5, read: energies },
  0x0806: { name: 'direction', bytes: 1, read: named('moveDirection', DIRECTIONS) },
  0x0807: { name: 'body_movement', bytes: 1, read: point('body-movement', 'body-movement', percent) },
  0x8000: { name: 'human_detection_switch', bytes: 1, read: word('value') },
  0x8001: { name: 'presence', bytes: 1, read: point('presence', 'presence', flag) },
  0x8002: { name: 'motion', bytes: 1, read: motion },
  0x8003: { name: 'body_movement', bytes: 1, read: point('body-movement', 'body-movement', percent) },
  0x8004: { name: 'distance', bytes: 2, read: point('distance', 'distance', metres) },
  0x8005: { name: 'position', bytes: 6, read: position },
  0x800a: { name: 'unmanned_time', bytes: 1, read: word('value') },
  0x800b: { name: 'direction', bytes: 1, read: named('moveDirection', DIRECTIONS) },
  0x800e: { name: 'moving_distance', bytes: 2, read: point('moving-distance', 'distance', metres) },
  0x8100: { name: 'breath_detection_switch', bytes: 1, read: word('value') },
  0x8101: { name: 'breath_state', bytes: 1, read: named('breathState', ['', 'normal', 'fast', 'slow', 'none']) },
  0x8102: { name: 'breath_rate', bytes: 1, read: point('respiration-rate', 'respiration-rate', rate) },
  0x8105: { name: 'breath_wave', bytes: 5, read: wave },
  0x8300: { name: 'fall_detection_switch', bytes: 1, read: word('value') },
  0x8301: { name: 'fall', bytes: 1, read: point('fall', 'fall', flag) },
  0x8305: { name: 'stationary_dwell', bytes: 1, read: word('stationaryDwell') },
  0x8400: { name: 'sleep_detection_switch', bytes: 1, read: word('value') },
  0x8401: { name: 'bed', bytes: 1, read: named('bed', ['out', 'in', 'none']) },
  0x8402: { name: 'sleep_state', bytes: 1, read: named('sleepState', SLEEP_STATES) },
  0x8403: { name: 'awake_minutes', bytes: 2, read: minutes },
  0x8404: { name: 'light_sleep_minutes', bytes: 2, read: minutes },
  0x8405: { name: 'deep_sleep_minutes', bytes: 2, read: minutes },
  0x8406: { name: 'sleep_score', bytes: 1, read: word('sleepScore') },
  0x840c: { name: 'sleep_summary', bytes: 8, read: sleepSummary },
  0x840d: { name: 'sleep_quality', bytes: 12, read: sleepQuality },
  0x840e: {
    name: 'sleep_abnormal',
    bytes: 1,
    read: named('sleepAbnormal', ['less_than_4h', 'more_than_12h', 'nobody_for_long', 'none']),
  },
  0x840f: { name: 'reporting_mode', bytes: 1, read: word('value') },
  0x8500: { name: 'heart_rate_detection_switch', bytes: 1, read: word('value') },
  0x8502: { name: 'heart_rate', bytes: 1, read: point('heart-rate', 'heart-rate', rate) },
  0x8505: { name: 'heart_wave', bytes: 5, read: wave },
}
