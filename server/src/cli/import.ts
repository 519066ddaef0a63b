import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { DomainError, elapsed, type Monotonic, seconds } from '@anju/contract'
import type { ImportReport } from '@anju/contract/import-report'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { ulid } from 'ulid'
import { importChanges } from '../areas/changes.ts'
import type { AreaReport } from '../areas/lists.ts'
import { importTree } from '../areas/tree.ts'
import { importHouseholds } from '../homes/import/households.ts'
import type { Actor, Database } from '../ports.ts'
import { argumentsOf } from './arguments.ts'
import { say } from './say.ts'
import { openStore } from './store.ts'
import { UsageError } from './usage-error.ts'

const IMPORT: Actor = { kind: 'system', part: 'import' }
/** More would scroll the figures away; `--json` has them all. */
const problemsShownMax = 100
const progressEvery = seconds(1)

interface Given {
  readonly what: string
  readonly file: string
  readonly dryRun: boolean
  readonly centre: string | undefined
  readonly json: boolean
}

export async function run(args: readonly string[]): Promise<number> {
  const given = understood(args)
  const { size } = await stat(given.file).catch(() => {
    throw new DomainError('config-malformed', `${given.file}: cannot be read`)
  })
  const store = await openStore()
  try {
    return await (given.what === 'households' ? households(store.database, given, size) : areas(store.database, given))
  } finally {
    await store.close()
  }
}

const WHAT = ['households', 'areas', 'area-changes']

function understood(args: readonly string[]): Given {
  const { values, words } = argumentsOf('import', args, OPTIONS)
  const [what = '', file = '', more] = words
  if (!WHAT.includes(what)) throw new UsageError(`import: "${what}" is none of ${WHAT.join(', ')}`)
  if (file === '' || more !== undefined) throw new UsageError(`import ${what}: exactly one file is needed`)
  return { what, file, dryRun: values['dry-run'] ?? false, centre: values.centre, json: values.json ?? false }
}
const OPTIONS = { 'dry-run': { type: 'boolean' }, centre: { type: 'string' }, json: { type: 'boolean' } } as const

async function households(database: Database, given: Given, size: number): Promise<number> {
  const centre = given.centre ?? (await onlyCentre(database))
  const progress = new Progress(size)
  const stream = createReadStream(given.file)
  const parts = {
    database,
    clock: systemClock,
    newId: () => ulid(systemClock.now(), () => systemRandom.uniform()).toLowerCase(),
  }
  const report = await importHouseholds(parts, {
    actor: IMPORT,
    centre,
    dryRun: given.dryRun,
    file: stream,
    onProgress: (rows) => progress.tell(rows, stream.bytesRead),
  })
  progress.end()
  if (given.json) process.stdout.write(`${JSON.stringify(report)}\n`)
  else tellHouseholds(report, centre)
  return report.bad === 0 ? 0 : 1
}

async function onlyCentre(database: Database): Promise<string> {
  const rows = await database.transaction(IMPORT, (tx) =>
    tx.query<{ id: string }>('select id from centre order by id limit 20'),
  )
  const [only, ...others] = rows.map(({ id }) => id)
  if (only === undefined) throw new DomainError('config-malformed', 'there is no centre yet')
  if (others.length > 0)
    throw new UsageError(`import households: --centre is needed, one of ${[only, ...others].join(', ')}`)
  return only
}

function tellHouseholds(report: ImportReport, centre: string): void {
  for (const { line, column, reason } of report.problems.slice(0, problemsShownMax))
    say(`line ${line}${column === '' ? '' : `, ${column}`}: ${reason}`)
  if (report.problemCount > problemsShownMax)
    say(`… and ${report.problemCount - problemsShownMax} more; --json lists them`)
  const would = report.dryRun ? 'would be ' : ''
  say(`${report.rows} rows for ${centre}, ${report.encoding}${report.dryRun ? ' (dry run: nothing was written)' : ''}`)
  say(
    `${would}created ${report.created}, ${would}changed ${report.changed}, unchanged ${report.unchanged}, left out ${report.bad}`,
  )
}

async function areas(database: Database, { what, file, dryRun, json }: Given): Promise<number> {
  const take = what === 'areas' ? importTree : importChanges
  const report: AreaReport = await take(database, createReadStream(file), dryRun)
  if (json) process.stdout.write(`${JSON.stringify(report)}\n`)
  else {
    for (const { line, reason } of report.problems.slice(0, problemsShownMax)) say(`line ${line}: ${reason}`)
    if (report.problems.length > 0)
      say(`nothing was taken: ${report.problems.length} of ${report.rows} lines are not right`)
    else
      say(
        `${report.changed} taken, ${report.unchanged} were there already; homes that lie elsewhere now: ${report.homesMoved}${dryRun ? ' (dry run: nothing was written)' : ''}`,
      )
  }
  return report.problems.length === 0 ? 0 : 1
}

/** A line that is overwritten every second, on a terminal only. */
class Progress {
  readonly #size: number
  #last: Monotonic = systemClock.monotonic()

  constructor(size: number) {
    this.#size = size
  }

  tell(rows: number, bytes: number): void {
    const now = systemClock.monotonic()
    if (!process.stderr.isTTY || elapsed(this.#last, now) < progressEvery) return
    this.#last = now
    const percent = this.#size === 0 ? 100 : Math.min(100, Math.floor((bytes / this.#size) * 100))
    process.stderr.write(`\r${percent} %, ${rows} rows`)
  }

  end(): void {
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
  }
}
