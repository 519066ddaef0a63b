import { absent, type Quantity, type Reading, reading } from '@anju/contract'
import { hexOf } from '../../src/byte-reader.ts'
import { scanAll } from '../../src/frame-scanner.ts'
import { type PointReading, type Protocol, type Told, tellScanned } from '../../src/telling.ts'
import { type Radar5359Frame, radar5359Framing } from './framing.ts'

export const radar5359: Protocol = {
  name: 'radar-5359',
  read: ({ bytes }) => tellScanned(scanAll(radar5359Framing, bytes), tell, `no 53 59 frame in ${bytes.length} bytes`),
}

const flag = (value: number): Reading => (value <= 1 ? reading(value) : absent('invalid'))
/** 0 nobody, 1 still, 2 active. Another number is kept as it is and changes nothing. */
const motion = (value: number): Reading => (value <= 2 ? reading(value === 2) : absent('invalid'))
const percent = (value: number): Reading => (value <= 100 ? reading(value) : absent('invalid'))

interface Meaning {
  readonly name: string
  readonly bytes: 1 | 2
  readonly reads?: readonly [point: string, quantity: Quantity, read: (value: number) => Reading]
  readonly word?: string
}
/** control << 8 | command. */
const MEANINGS: Readonly<Record<number, Meaning>> = {
  0x0101: { name: 'heartbeat', bytes: 1 },
  0x02a1: { name: 'product_model', bytes: 1 },
  0x02a2: { name: 'product_id', bytes: 1 },
  0x02a3: { name: 'hardware_model', bytes: 1 },
  0x02a4: { name: 'firmware_version', bytes: 1 },
  0x8000: { name: 'human_detection_switch', bytes: 1, word: 'value' },
  0x8001: { name: 'presence', bytes: 1, reads: ['presence', 'presence', flag] },
  0x8002: { name: 'motion', bytes: 1, reads: ['motion', 'motion', motion], word: 'motionRaw' },
  0x8003: { name: 'body_movement', bytes: 1, reads: ['body-movement', 'body-movement', percent] },
  0x8004: { name: 'distance', bytes: 2, reads: ['distance', 'distance', (cm) => reading(cm / 100)] },
  0x800e: { name: 'moving_distance', bytes: 2, reads: ['moving-distance', 'distance', (cm) => reading(cm / 100)] },
  0x8102: { name: 'breath_rate', bytes: 1, reads: ['respiration-rate', 'respiration-rate', reading] },
  0x8301: { name: 'fall', bytes: 1, reads: ['fall', 'fall', flag] },
  0x8305: { name: 'stationary_dwell', bytes: 1, word: 'stationaryDwell' },
  0x8502: { name: 'heart_rate', bytes: 1, reads: ['heart-rate', 'heart-rate', reading] },
}
const QUERY = 0x0f

function tell({ control, command, data }: Radar5359Frame): Told {
  const asked = MEANINGS[(control << 8) | command]
  // A value asked for may come back under the asking command (bit 7 set); the question itself carries 0F.
  const meaning = asked ?? MEANINGS[(control << 8) | (command & 0x7f)]
  const query = (command & 0x80) !== 0 && data.byteLength === 1 && data[0] === QUERY
  const value = data.byteLength === 2 ? ((data[0] ?? 0) << 8) | (data[1] ?? 0) : (data[0] ?? 0)
  const readings: PointReading[] = []
  const whole = !query && meaning !== undefined && data.byteLength === meaning.bytes
  if (whole && meaning.reads) {
    const [point, quantity, read] = meaning.reads
    readings.push({ point, quantity, reading: read(value) })
  }
  const fallen = readings.some(
    (item) => item.quantity === 'fall' && item.reading.is === 'value' && item.reading.value === 1,
  )
  return {
    is: 'told',
    frame: {
      control: hex(control),
      command: hex(command),
      data: hexOf(data),
      ...(query ? { direction: 'query' } : {}),
      ...(meaning ? { name: meaning.name } : { unknown: true }),
      ...(whole && meaning.word ? { [meaning.word]: value } : {}),
    },
    readings,
    events: fallen ? ['fall-detected'] : [],
  }
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0').toUpperCase()
