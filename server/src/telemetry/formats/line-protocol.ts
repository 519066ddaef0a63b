import { invariant } from '@anju/contract'
import { LineProtocol } from '../influx/line-protocol.ts'
import type { Refusal } from '../store.ts'
import { type Format, piecesOf } from './format.ts'

const noRefusals = new Map<number, Refusal>()

/**
 * Lines as the writer writes them: read into another InfluxDB they are the same points. A line does not say what its times
 * count, so the first one, a comment, does; the second one says where they are from.
 */
export const lineProtocol: Format = {
  contentType: 'text/plain; charset=utf-8',
  extension: 'lp',
  async *textOf(content) {
    yield '# times are milliseconds: write with precision=ms\n'
    yield `# what is in ${content.store}; what was measured before a move to it and never moved is not here\n`
    for await (const { series, at, value, absent } of piecesOf(content)) {
      const protocol = new LineProtocol()
      const rows = at.length
      const batch = {
        series: [series],
        rows,
        seriesOf: new Int32Array(rows),
        at,
        value,
        absent,
        messageEnds: Int32Array.of(rows),
        messages: 1,
      }
      const refused = new Map<number, Refusal>()
      protocol.refuse(batch, refused)
      invariant(refused.size === 0, 'a store holds only what can be written on a line')
      yield protocol.lines(batch, noRefusals, 0, 1).text
    }
  },
}
