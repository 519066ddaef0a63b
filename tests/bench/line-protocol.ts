import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { nodePath } from '../harness/child.ts'
import { repositoryRoot } from '../harness/root.ts'
import { type BenchDefinition, inTurns } from './figures.ts'
import { nullSink } from './null-sink.ts'

export const lineProtocol: BenchDefinition = {
  name: 'line-protocol',
  what: 'points a second from columns to a null sink, by the InfluxDB adapter ÷ lines built by hand and posted',
  unit: 'points/s',
  better: 'higher',
  judged: 'ratio',
  gate: 0.9,
  goal: 0.95,
  async run(say) {
    const sink = await nullSink()
    const writer = (how: 'raw' | 'product') =>
      fork(join(repositoryRoot, 'tests/bench/points-writer.ts'), [String(sink.port), how], { execPath: nodePath })
    const [raw, product] = [writer('raw'), writer('product')]
    const bytesOf = async (child: ChildProcess) => {
      const before = sink.bytes
      await pointsOf(child)
      return sink.bytes - before
    }
    try {
      // The first round warms up, and shows that both say the same.
      const [expected, given] = [await bytesOf(raw), await bytesOf(product)]
      if (expected !== given) throw new Error(`the reference wrote ${expected} bytes, the product ${given}`)
      return await inTurns(
        9,
        () => pointsOf(raw),
        () => pointsOf(product),
        say,
      )
    } finally {
      raw.kill()
      product.kill()
      sink.close()
    }
  },
}

const pointsOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    const gone = () => reject(new Error('the writer ended'))
    child.once('exit', gone)
    child.once('message', (answer: { points: number }) => {
      child.off('exit', gone)
      resolve(answer.points)
    })
    child.send('go')
  })
