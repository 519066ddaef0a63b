import type { Client } from 'pg'
import { percentile } from './figures.ts'

/**
 * The reference of the alarm's benchmarks: the very rows that the server stores for events (same columns, types, keys and
 * indexes, values of a real one), inserted by nothing but `pg` into a table nobody else looks at.
 */
export interface RawTable {
  /** p50 in ms of one row a transaction, at so many a second. */
  oneByOne(perSecond: number, ms: number): Promise<number>
  /** Rows a second, a hundred a statement through `unnest`, one statement a transaction. */
  byHundreds(ms: number): Promise<number>
}

interface ColumnInfo {
  readonly name: string
  readonly type: string
}
const rowsPerStatement = 100

const carried = (type: string): string => (type === 'jsonb' || type.endsWith('[]') ? 'text' : type)

/** Needs at least one stored event to copy. `client` must see every row (a superuser). */
export async function aRawTable(client: Client): Promise<RawTable> {
  await client.query('create table bench_raw (like event including all)')
  const { rows: columns } = await client.query<ColumnInfo>(
    `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
     where attrelid = 'event'::regclass and attnum > 0 and not attisdropped order by attnum`,
  )
  const asText = columns.map(({ name }) => `${name}::text as ${name}`).join(', ')
  const { rows } = await client.query<Record<string, string | null>>(`select ${asText} from event limit 1`)
  const [sample] = rows
  if (!sample || !('id' in sample)) throw new Error('no event was stored to copy')
  const names = columns.map(({ name }) => name).join(', ')
  const one = `insert into bench_raw (${names}) values (${columns.map((_, index) => `$${index + 1}`).join(', ')})`
  const many = `insert into bench_raw (${names})
    select ${columns.map(({ name, type }) => (carried(type) === type ? name : `${name}::${type}`)).join(', ')}
    from unnest(${columns.map(({ type }, index) => `$${index + 1}::${carried(type)}[]`).join(', ')}) as given (${names})`
  let made = 0
  const valueOf = (name: string) => (name === 'id' ? `raw-${++made}` : (sample[name] ?? null))

  return {
    async oneByOne(perSecond, ms) {
      const took: number[] = []
      const start = performance.now()
      for (let n = 0; performance.now() - start < ms; n++) {
        const early = start + (n * 1_000) / perSecond - performance.now()
        if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
        const from = performance.now()
        await client.query({ name: 'bench-one', text: one, values: columns.map(({ name }) => valueOf(name)) })
        took.push(performance.now() - from)
      }
      return percentile(took, 0.5)
    },
    async byHundreds(ms) {
      const start = performance.now()
      let statements = 0
      for (; performance.now() - start < ms; statements++) {
        const values = columns.map(({ name }) => Array.from({ length: rowsPerStatement }, () => valueOf(name)))
        await client.query({ name: 'bench-many', text: many, values })
      }
      return (statements * rowsPerStatement * 1_000) / (performance.now() - start)
    },
  }
}
