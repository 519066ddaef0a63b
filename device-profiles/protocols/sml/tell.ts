import { hexOf } from '../../src/byte-reader.ts'
import { decodeWith } from '../../src/decode-with.ts'
import { scanAll } from '../../src/frame-scanner.ts'
import { obisReading } from '../../src/obis.ts'
import { type Protocol, type Telling, type Told, tellScanned } from '../../src/telling.ts'
import { type SmlFile, smlFraming } from './framing.ts'
import { readLists } from './lists.ts'
import { losesZeros, unitOf, valueText } from './values.ts'

export const sml: Protocol = {
  name: 'sml',
  read: ({ bytes }) => tellScanned(scanAll(smlFraming, bytes), tell, `no SML file in ${bytes.length} bytes`),
}

function tell(file: SmlFile): Telling {
  const attempt = decodeWith(tellFile, file)
  if (attempt.ok) return attempt.value
  return { is: 'refused', code: attempt.error.code, reason: 'malformed', why: attempt.error.message }
}

interface Value {
  /** Null when it was sent and cannot be told. */
  readonly value: string | null
  readonly unit?: string
}

export function tellFile({ content }: SmlFile): Told {
  const lists = readLists(content)
  const first = new Map<string, Value>()
  for (const { server, entries } of lists) {
    const shortened = losesZeros(server)
    for (const entry of entries) {
      const code = codeOf(content, entry.codeAt)
      if (first.has(code)) continue
      const unit = unitOf(entry)
      first.set(code, { value: valueText(content, entry, shortened), ...(unit === undefined ? {} : { unit }) })
    }
  }
  const server = lists.find((list) => list.server)?.server
  return {
    is: 'told',
    frame: {
      ...(server ? { serverId: hexOf(server) } : {}),
      count: first.size,
      values: Object.fromEntries(first),
    },
    readings: [...first].flatMap(([code, { value, unit }]) => obisReading(code, value ?? '', unit) ?? []),
    events: [],
  }
}

function codeOf(content: Uint8Array, at: number): string {
  const [a, b, c, d, e, f] = content.subarray(at, at + 6)
  return `${a}-${b}:${c}.${d}.${e}*${f}`
}
