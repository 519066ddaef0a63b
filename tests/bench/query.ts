import { seededRandom } from '@anju/contract'
import { whyNoInflux } from '../harness/influx.ts'
import { type BenchDefinition, inTurns, median, percentile } from './figures.ts'
import { type AskedStore, aQuestion, type Question } from './query-data.ts'
import { filledInflux } from './query-influx.ts'
import { filledPostgres } from './query-postgres.ts'

const yearMsMax = 300
const rounds = 5
const asksPerRound = 20

/**
 * What the page of a home asks: its last hour among 60,000 homes' series, and a year of it in days, of a meter that has half a
 * million samples in it. The figure is the year in PostgreSQL; in InfluxDB, where there is one, it must hold as well.
 */
export const query: BenchDefinition = {
  name: 'query',
  what: 'p95 of a year of a home in days among 60,000 homes’ series ÷ the bare query through the bare client',
  unit: 'ms',
  better: 'lower',
  judged: 'value',
  gate: yearMsMax,
  goal: 100,
  async run(say) {
    const now = Math.floor(Date.now() / 300_000) * 300_000
    const more: Record<string, number | string | boolean> = {}
    const measured = async (store: AskedStore) => {
      try {
        const year = await p95s(store, 'year', now, say)
        const hour = await p95s(store, 'hour', now, say)
        more[`${store.name}: last hour, p95 ms`] = shown(median(hour.values))
        more[`${store.name}: last hour, reference p95 ms`] = shown(median(hour.references))
        return year
      } finally {
        await store.close()
      }
    }
    const figures = await measured(await filledPostgres(now, say))
    const missing = whyNoInflux()
    if (missing) {
      say(`NOT MEASURED: InfluxDB, because ${missing}`)
      more['InfluxDB'] = 'not measured'
    } else {
      const year = await measured(await filledInflux(now, say))
      more['InfluxDB: a year, p95 ms'] = shown(median(year.values))
      more['InfluxDB: a year, reference p95 ms'] = shown(median(year.references))
      more[`InfluxDB: a year within ${yearMsMax} ms`] = median(year.values) <= yearMsMax
    }
    return { ...figures, more }
  },
}

const shown = (ms: number): number => Number(ms.toPrecision(4))

/** A p95 a round, product and reference in turns, on the same questions. */
async function p95s(store: AskedStore, name: Question['name'], now: number, say: (line: string) => void) {
  const timed = (ask: (question: Question) => Promise<void>, seed: number) => async () => {
    const random = seededRandom(seed)
    const took: number[] = []
    for (let n = 0; n < asksPerRound; n++) {
      const question = aQuestion(name, now, () => random.uniform())
      const began = performance.now()
      await ask(question)
      took.push(performance.now() - began)
    }
    return percentile(took, 0.95)
  }
  const product = timed(async ({ query }) => {
    const { buckets } = await store.ask(query)
    // A fast answer of nothing would be no answer.
    const filled = buckets.filter(({ count }) => count > 0).length
    if (filled < (name === 'year' ? 364 : 10)) throw new Error(`${store.name}: only ${filled} steps have a value`)
  }, 1)
  const reference = timed((question) => store.askBare(question), 1)
  await reference()
  await product()
  return inTurns(rounds, reference, product, (line) => say(`${store.name}, ${name}: ${line}`))
}
