import type { Refusal, TelemetryBatch } from '../store.ts'
import type { LineProtocol } from './line-protocol.ts'
import type { InfluxWire, Written } from './wire.ts'

/**
 * Writes every message of a batch that is not refused yet, and finds out which ones InfluxDB will not have: it names a reason
 * and a number, not the lines, so a part that was refused is written again in halves until the messages stand alone. Writing a
 * point again changes nothing.
 * @throws DomainError `telemetry-unavailable`
 */
export async function writeAll(
  wire: Pick<InfluxWire, 'write'>,
  protocol: LineProtocol,
  batch: TelemetryBatch,
  refused: Map<number, Refusal>,
): Promise<void> {
  // Cut by halves, so that never more parts wait than a batch has powers of two; messages stay in order.
  const parts: (readonly [first: number, end: number])[] = [[0, batch.messages]]
  for (let part = parts.pop(); part; part = parts.pop()) {
    const [first, end] = part
    const { text, count } = protocol.lines(batch, refused, first, end)
    if (count === 0) continue
    const written = await wire.write(text)
    if (written.is === 'stored') continue
    if (end - first === 1 || noneOf(written, count)) {
      for (let message = first; message < end; message++)
        if (!refused.has(message)) refused.set(message, refusalOf(written))
      continue
    }
    const middle = (first + end) >> 1
    parts.push([middle, end], [first, middle])
  }
}

/** When it says that it dropped them all there is nothing to look for: a backlog from before the retention costs one request. */
const noneOf = (written: Exclude<Written, { is: 'stored' }>, count: number): boolean =>
  written.is === 'refused' && written.dropped === count

const refusalOf = (written: Exclude<Written, { is: 'stored' }>): Refusal => ({
  code: written.is === 'refused' ? written.code : 'message-malformed',
  why: written.why,
})
