import { ByteReader, hexOf } from '../../src/byte-reader.ts'
import { scanAll } from '../../src/frame-scanner.ts'
import { type Protocol, type Told, tellScanned } from '../../src/telling.ts'
import { type Radar5359Frame, radar5359Framing } from './framing.ts'
import { MEANINGS } from './meanings.ts'

export const radar5359: Protocol = {
  name: 'radar-5359',
  read: ({ bytes }) => tellScanned(scanAll(radar5359Framing, bytes), tell, `no 53 59 frame in ${bytes.length} bytes`),
}

const QUERY = 0x0f

function tell({ control, command, data }: Radar5359Frame): Told {
  const asked = MEANINGS[(control << 8) | command]
  // A value asked for may come back under the asking command (bit 7 set); the question itself carries 0F.
  const meaning = asked ?? MEANINGS[(control << 8) | (command & 0x7f)]
  const query = (command & 0x80) !== 0 && data.byteLength === 1 && data[0] === QUERY
  const whole = !query && meaning !== undefined && data.byteLength === meaning.bytes
  const { readings = [], words = {} } = whole ? meaning.read(new ByteReader(data)) : {}
  const isText = !query && meaning !== undefined && meaning.bytes === undefined
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
      ...(isText ? { text: textOf(data) } : {}),
      ...words,
    },
    readings,
    events: fallen ? ['fall-detected'] : [],
  }
}

/** Printable ASCII, without the zeros it is filled with; null when it is something else. */
function textOf(data: Uint8Array): string | null {
  const text = String.fromCharCode(...data).replace(/\0+$/, '')
  return /^[ -~]+$/.test(text) ? text : null
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0').toUpperCase()
