import { seededRandom } from '@anju/contract'
import { whyNoInflux } from '../harness/influx.ts'
import { type BenchDefinition, inTurns, median, percentile } from './figures.ts'
import { type AskedStore, aQuestion, pageQuestions, type Question } from './query-data.ts'
import { filledInflux } from './query-influx.ts'
import { aPage } from './query-page.ts'
import { filledPostgres } from './query-postgres.ts'

const yearMsMax = 300
const rounds = 5
const asksPerRound = 20

/**
 * What the page of a home asks: all of a year in days, as the page asks for it, at a real server; and at the store itself the same
 * of one meter, which has half a million samples in it, and its last hour. The figure is the page in PostgreSQL; in InfluxDB,
 * where there is one, it must hold as well.
 */
export const query: BenchDefinition = {
  name: 'query',
  what: 'p95 until the page of a home has its year, among 60,000 homes’ series ÷ the bare queries through the bare client',
  unit: 'ms',
  better: 'lower',
  judged: 'value',
  gate: yearMsMax,
  goal: 100,
  async run(say) {
    const now = Math.floor(Date.now() / 300_000) * 300_000
    const more: Record<string, number | string | boolean> = {}
    const measured = async (store: AskedStore) => {
      const tell = (what: string, { values, references }: Rounds) => {
        more[`${store.name}: ${what}, p95 ms`] = shown(median(values))
        more[`${store.name}: ${what}, reference p95 ms`] = shown(median(references))
      }
      try {
        const page = await pageP95s(store, now, say)
        tell('a year of one point', await p95s(store, 'year', now, say))
        tell('last hour', await p95s(store, 'hour', now, say))
        return { page, tell }
      } finally {
        await store.close()
      }
    }
    const { page: figures } = await measured(await filledPostgres(now, say))
    const missing = whyNoInflux()
    if (missing) {
      say(`NOT MEASURED: InfluxDB, because ${missing}`)
      more['InfluxDB'] = 'not measured'
    } else {
      const { page, tell } = await measured(await filledInflux(now, say))
      tell('the page’s year', page)
      more[`InfluxDB: the page’s year within ${yearMsMax} ms`] = median(page.values) <= yearMsMax
    }
    return { ...figures, more }
  },
}

interface Rounds {
  readonly values: readonly number[]
  readonly references: readonly number[]
}
const shown = (ms: number): number => Number(ms.toPrecision(4))

/** The p95 of so many asks. */
async function p95Of(ask: () => Promise<void>): Promise<number> {
  const took: number[] = []
  for (let n = 0; n < asksPerRound; n++) {
    const began = performance.now()
    await ask()
    took.push(performance.now() - began)
  }
  return percentile(took, 0.95)
}

/** The page as it asks a server over HTTP; beside it its bare queries, all of them at once. */
async function pageP95s(store: AskedStore, now: number, say: (line: string) => void): Promise<Rounds> {
  const page = await aPage(store)
  try {
    const product = () => p95Of(() => page.drawYear())
    const questions = pageQuestions(now)
    const reference = () =>
      p95Of(async () => void (await Promise.all(questions.map((question) => store.askBare(question)))))
    await reference()
    await product()
    return await inTurns(rounds, reference, product, (line) => say(`${store.name}, the page’s year: ${line}`))
  } finally {
    await page.close()
  }
}

/** A p95 a round, product and reference in turns, on the same questions. */
async function p95s(
  store: AskedStore,
  name: Question['name'],
  now: number,
  say: (line: string) => void,
): Promise<Rounds> {
  const timed = (ask: (question: Question) => Promise<void>, seed: number) => () => {
    const random = seededRandom(seed)
    return p95Of(() => ask(aQuestion(name, now, () => random.uniform())))
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
