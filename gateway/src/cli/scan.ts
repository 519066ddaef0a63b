import { parseArgs } from 'node:util'
import { millis, sleep } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { encodeRead } from '@anju/device-profiles/protocols/dlt645/encode'
import { dlt645Scanner, looksLike698 } from '@anju/device-profiles/protocols/dlt645/framing'
import { MR60FDA2_DATA_BYTES_MAX, tinyFrameScanner } from '@anju/device-profiles/protocols/tinyframe/framing'
import { parseLineUrl } from '../serial-line/line-url.ts'
import { openTransport } from '../serial-line/transport.ts'

/** An answer takes at most a second; two meters that answer at once spoil each other's, so it is asked more than once. */
const listenFor = millis(1_500)
const asks = 3
const keptBytesMax = 16_384

/**
 * What hangs on a serial line, as JSON lines: meters that tell their address (DL/T 645 read 13, good for one meter on the
 * bus) and radars that speak by themselves. Exit code 1 when nothing was recognised.
 */
export async function scan(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: { line: { type: 'string' } } })
  if (values.line === undefined)
    throw new Error('--line URL is missing (serial:/dev/ttyUSB0?baud=2400&parity=even or tcp://host:port)')
  const url = parseLineUrl(values.line, '--line')
  const meters = dlt645Scanner()
  const radars = tinyFrameScanner(MR60FDA2_DATA_BYTES_MAX)
  const found = new Map<string, object>()
  let heard: Uint8Array = new Uint8Array()
  const transport = await openTransport(
    url,
    {
      onClosed: () => undefined,
      onBytes(bytes) {
        heard = Buffer.concat([heard, bytes]).subarray(-keptBytesMax)
        for (const scanned of meters.push(bytes))
          if (scanned.is === 'frame' && (scanned.frame.control & 0x80) !== 0)
            found.set(scanned.frame.address, { protocol: 'dlt645', address: scanned.frame.address })
        for (const scanned of radars.push(bytes))
          if (scanned.is === 'frame')
            found.set('tinyframe', { protocol: 'tinyframe', type: scanned.frame.type.toString(16).padStart(4, '0') })
      },
    },
    AbortSignal.timeout(5_000),
  )
  try {
    for (let ask = 0; ask < asks && found.size === 0; ask++) {
      await transport.write(encodeRead({ dialect: '2007', ask: 'address' }))
      await sleep(systemClock, listenFor)
    }
  } finally {
    await transport.close()
  }
  for (const one of found.values()) process.stdout.write(`${JSON.stringify(one)}\n`)
  if (found.size > 0) return 0
  const hint = looksLike698(heard)
    ? 'these bytes look like DL/T 698.45, which this gateway does not speak yet'
    : heard.byteLength > 0
      ? 'bytes came, but no frame: check baud and parity'
      : 'nothing answered: check A/B wiring, power, baud and parity'
  process.stderr.write(`${heard.byteLength} bytes heard, nothing recognised: ${hint}\n`)
  return 1
}
