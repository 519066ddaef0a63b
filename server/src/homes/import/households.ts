import { type Clock, DomainError, formatInstant, type Instant } from '@anju/contract'
import type { ImportReport } from '@anju/contract/import-report'
import type { CsvItem } from '../../csv.ts'
import { readCsv } from '../../csv.ts'
import type { Actor, Database, Transaction } from '../../ports.ts'
import { areasToday } from '../areas-of-homes.ts'
import { cellReaders, type Layout, layoutOf } from './columns.ts'
import { type Change, changeOf } from './differences.ts'
import { fault, sentenceOf } from './faults.ts'
import { type Household, type Problem, readRow } from './household.ts'
import { storedBy } from './stored.ts'
import { write } from './write.ts'

/** So few that the batch's locks are gone long before a press that needs one of its homes would be missed. */
const rowsABatchMax = 250
const rowsMax = 1_000_000
const problemsListedMax = 10_000
const changesListedMax = 1_000

export interface ImportParts {
  readonly database: Database
  readonly clock: Clock
  readonly newId: () => string
}
export interface HouseholdImport {
  readonly actor: Actor
  readonly centre: string
  readonly file: AsyncIterable<Uint8Array>
  /** Everything is read, judged and compared; nothing is written. */
  readonly dryRun: boolean
  readonly onProgress?: (rows: number) => void
}

/**
 * Takes a centre's list of households in, by their number in it: again and again, with the same result. Each batch is a
 * transaction of its own, so that nothing of the centre waits for a whole city; what breaks off in the middle is completed by
 * the same file once more. A row that cannot be taken is left out and said, and never keeps the others from their place.
 * @throws DomainError `request-malformed` when the file is none, or its headings are not known; then nothing was written.
 */
export async function importHouseholds(parts: ImportParts, given: HouseholdImport): Promise<ImportReport> {
  const started = await parts.database.transaction(given.actor, startOf(given.centre))
  const csv = readCsv(given.file)
  const run = new Run(parts, given, started.today)
  try {
    for await (const items of csv.items) await run.take(items)
    const report = await run.end()
    return { ...report, encoding: csv.encoding, at: formatInstant(started.now) }
  } finally {
    await run.settled()
  }
}

const startOf = (centre: string) => async (tx: Transaction) => {
  const [row] = await tx.query<{ now: Instant; today: string; known: boolean }>(
    'select app_now() as now, administrative_day() as today, exists (select from centre where id = $1) as known',
    [centre],
  )
  if (!row?.known) throw new DomainError('request-malformed', `centre: there is no centre "${centre}"`)
  return row
}

class Run {
  readonly #parts: ImportParts
  readonly #given: HouseholdImport
  readonly #readers: ReturnType<typeof cellReaders>
  #layout: Layout | undefined
  #waiting: Household[] = []
  /** The batch that is with the database while the next one is read. */
  #writing: Promise<void> = Promise.resolve()
  readonly #lineOf = new Map<string, number>()
  readonly #counts = { rows: 0, created: 0, changed: 0, unchanged: 0, bad: 0, problemCount: 0 }
  readonly #problems: ImportReport['problems'] = []
  readonly #changes: ImportReport['changes'] = []

  constructor(parts: ImportParts, given: HouseholdImport, today: string) {
    this.#parts = parts
    this.#given = given
    this.#readers = cellReaders(today)
  }

  async take(items: readonly CsvItem[]): Promise<void> {
    for (const item of items) {
      if (this.#layout) this.#row(item, this.#layout)
      else this.#heads(item)
    }
    if (this.#waiting.length >= rowsABatchMax) await this.#send()
    this.#given.onProgress?.(this.#counts.rows)
  }

  async end(): Promise<Omit<ImportReport, 'encoding' | 'at'>> {
    if (!this.#layout) throw new DomainError('request-malformed', 'the file is empty: not even headings')
    await this.#send()
    await this.#writing
    return {
      dryRun: this.#given.dryRun,
      ...this.#counts,
      problems: this.#problems.sort(byLine),
      changes: this.#changes.sort(byLine),
    }
  }

  /** However it ended: nobody closes the database under a batch. */
  async settled(): Promise<void> {
    await this.#writing.catch(() => undefined)
  }

  #heads(item: CsvItem): void {
    if (item.is === 'broken') throw new DomainError('request-malformed', 'the line of headings cannot be read')
    this.#layout = layoutOf(item.cells.map((cell) => cell.trim()))
  }

  #row(item: CsvItem, layout: Layout): void {
    // A spreadsheet ends with lines of nothing but commas.
    if (item.is === 'row' && item.cells.every((cell) => cell.trim() === '')) return
    this.#counts.rows++
    if (this.#counts.rows > rowsMax)
      throw new DomainError('request-malformed', `the file has more than ${rowsMax} rows: cut it in pieces`)
    const read = readRow(layout, item, this.#readers)
    if ('problems' in read) return this.#refuse(read.problems)
    const { household } = read
    const first = this.#lineOf.get(household.externalRef)
    if (first !== undefined)
      return this.#refuse([this.#problem(household.line, 'externalRef', fault('ref-repeated', first))])
    this.#lineOf.set(household.externalRef, household.line)
    this.#waiting.push(household)
  }

  #problem(line: number, key: string, what: Problem['fault']): Problem {
    const at = this.#layout?.household.find((one) => one.key === key)?.at ?? -1
    return { line, column: this.#layout?.headings[at] ?? '', fault: what }
  }

  #refuse(problems: readonly Problem[]): void {
    this.#counts.bad++
    this.#counts.problemCount += problems.length
    for (const { line, column, fault: what } of problems.slice(0, problemsListedMax - this.#problems.length))
      this.#problems.push({
        line,
        column,
        code: what.fault,
        reason: sentenceOf(what, this.#layout?.language ?? 'en'),
      })
  }

  /** One batch at a time, and the next one is read meanwhile. A failure comes out at the next call, or at the end. */
  async #send(): Promise<void> {
    const rows = this.#waiting.splice(0)
    await this.#writing
    this.#writing = this.#batch(rows)
    this.#writing.catch(() => undefined)
  }

  async #batch(rows: readonly Household[]): Promise<void> {
    if (rows.length === 0) return
    const { database, newId } = this.#parts
    const { actor, centre, dryRun } = this.#given
    const { changes, refused } = await database.transaction(actor, async (tx) => {
      await tx.query(BY_KEY)
      // Two imports into one centre would each find a number missing, and make two households of it.
      if (!dryRun) await tx.query(`select pg_advisory_xact_lock(hashtext('import'), hashtext($1))`, [centre])
      const judged = await judge(tx, centre, rows)
      const toWrite = judged.changes.filter(({ fields }) => fields.length > 0)
      if (!dryRun && toWrite.length > 0)
        await write(tx, { centre, by: actor.kind === 'person' ? actor.name : actor.part }, toWrite, newId)
      return judged
    })
    // After the commit only: a transaction that is tried again must not be counted twice.
    for (const { line, what } of refused) this.#refuse([this.#problem(line, 'areaCode', what)])
    for (const change of changes) this.#count(change)
  }

  #count({ line, before, values, fields }: Change): void {
    if (!before) this.#counts.created++
    else if (fields.length === 0) this.#counts.unchanged++
    else {
      this.#counts.changed++
      if (this.#changes.length < changesListedMax)
        this.#changes.push({ line, externalRef: values.externalRef, homeId: before.id, fields: [...fields] })
    }
  }
}

const byLine = (a: { readonly line: number }, b: { readonly line: number }): number => a.line - b.line

/**
 * Rows are found by their keys, whatever the planner knows of tables that were empty a minute ago: one batch that reads a
 * whole city would hold its locks for as long. For the same reason no statement of an import is prepared.
 */
const BY_KEY = `select set_config(name, 'off', true) from unnest(array['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin']) as name`

interface Judged {
  readonly changes: readonly Change[]
  readonly refused: readonly { readonly line: number; readonly what: Problem['fault'] }[]
}

async function judge(tx: Transaction, centre: string, rows: readonly Household[]): Promise<Judged> {
  const codes = [...new Set(rows.flatMap(({ values }) => values.areaCode ?? []))]
  const [areas, stored] = await Promise.all([
    areasToday(tx, codes),
    storedBy(
      tx,
      centre,
      rows.map(({ externalRef }) => externalRef),
    ),
  ])
  const refused: Judged['refused'][number][] = []
  const changes: Change[] = []
  for (const row of rows) {
    const area = row.values.areaCode ? areas.get(row.values.areaCode) : undefined
    if (area?.ended) refused.push({ line: row.line, what: fault('area-ended', area.became ?? '?') })
    else if (area && !area.known) refused.push({ line: row.line, what: fault('area-unknown') })
    else changes.push(changeOf(row, stored.get(row.externalRef)))
  }
  return { changes, refused }
}
