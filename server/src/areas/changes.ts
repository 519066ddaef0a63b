import { type AreaCode, isWithin, levelOf, parentOf, prefixOf, rebased } from '../domain/area.ts'
import type { Actor, Database, Transaction } from '../ports.ts'
import { type AreaReport, type ChangeRow, type Problems, readChanges } from './lists.ts'
import { AREA_COLUMNS, type AreaRow, areasOn, rangeOf, THERE, today } from './rows.ts'

const AREAS: Actor = { kind: 'system', part: 'areas' }

/**
 * A street that is renamed, merged, or moved to another county. From its day on there is the new area, and the homes of the
 * old one lie in it; until the day before, and in every figure of that time, everything stays as it was. What lies in a moved
 * area moves along with its own digits, unless it has a line of its own. All of the file or nothing of it; the same file again
 * changes nothing.
 */
export async function importChanges(
  database: Database,
  file: AsyncIterable<Uint8Array>,
  dryRun: boolean,
): Promise<AreaReport> {
  const { rows, problems } = await readChanges(file)
  const unread = problems.list.length
  return database
    .transaction(AREAS, async (tx) => {
      // One change of the tree at a time: each is judged by what the one before has made of it.
      await tx.query(`select pg_advisory_xact_lock(hashtext('areas'))`)
      const now = await today(tx)
      for (const { line, on } of rows) if (on > now) problems.add(line, 'not-yet')
      const done = { changed: 0, homesMoved: 0 }
      // Later days are judged by what earlier ones have made: in a dry run, too, which is then undone.
      for (const on of [...new Set(rows.map((row) => row.on))].sort()) {
        if (problems.list.length > 0) break
        const steps = await stepsOf(
          tx,
          on,
          rows.filter((row) => row.on === on),
          problems,
        )
        if (problems.list.length > 0) break
        done.changed += steps.filter(({ isOwn }) => isOwn).length
        done.homesMoved += await take(tx, on, steps)
      }
      const report: AreaReport = {
        rows: rows.length + unread,
        ...(problems.list.length > 0
          ? { changed: 0, homesMoved: 0, unchanged: 0 }
          : { ...done, unchanged: rows.length - done.changed }),
        problems: problems.inOrder(),
      }
      if (dryRun || problems.list.length > 0) throw new Undone(report)
      return report
    })
    .catch((error: unknown) => {
      if (error instanceof Undone) return error.report
      throw error
    })
}

/** Rolls the transaction back, and carries what it would have done out of it. */
class Undone extends Error {
  readonly report: AreaReport
  constructor(report: AreaReport) {
    super('undone')
    this.report = report
  }
}

/** What becomes of one area on the day; `name` of what it becomes. */
interface Step {
  readonly line: number
  readonly from: AreaRow
  readonly became: AreaCode
  readonly name: string
  /** A line of the file, and not what merely lies in it. */
  readonly isOwn: boolean
}

async function stepsOf(tx: Transaction, on: string, rows: readonly ChangeRow[], problems: Problems): Promise<Step[]> {
  const there = await areasOn(
    tx,
    rows.flatMap(({ code, became }) => [code, became]),
    on,
  )
  const own = new Map<string, ChangeRow>()
  const steps: Step[] = []
  for (const row of rows) {
    const first = own.get(row.code)
    own.set(row.code, row)
    const from = there.get(row.code)
    if (first) problems.add(row.line, 'repeated', first.line)
    else if (await isDone(tx, on, row)) continue
    else if (!from) problems.add(row.line, 'not-there')
    else if (from.valid_to !== null) problems.add(row.line, 'ended-already', from.valid_to)
    else if (from.valid_from === on) problems.add(row.line, 'same-day')
    else if (levelOf(row.code) !== levelOf(row.became)) problems.add(row.line, 'other-level')
    else steps.push(await ownStep(row, from, there, rows, problems))
  }
  const along: Step[] = []
  for (const step of steps)
    if (step.became !== step.from.code) along.push(...(await within(tx, on, step, own, problems)))
  const all = [...steps, ...along]
  await needParents(tx, on, all, problems)
  await refuseLater(tx, on, all, problems)
  return all
}

/** The name: the line's own, else that of what is there already, else that of another line that becomes the same. */
async function ownStep(
  row: ChangeRow,
  from: AreaRow,
  there: ReadonlyMap<string, AreaRow>,
  rows: readonly ChangeRow[],
  problems: Problems,
): Promise<Step> {
  const other = rows.find(({ became, name }) => became === row.became && name !== '')?.name
  const moved = prefixOf(row.code) !== prefixOf(row.became) && !there.has(row.became) ? from.name : undefined
  const name = row.name || there.get(row.became)?.name || other || moved
  const renames = row.code === row.became
  if (name === undefined || (renames && (row.name === '' || row.name === from.name)))
    problems.add(row.line, 'name-needed')
  return { line: row.line, from, became: row.became, name: name ?? '', isOwn: true }
}

/** The same line was taken before. */
async function isDone(tx: Transaction, on: string, { code, became }: ChangeRow): Promise<boolean> {
  const rows = await tx.query('select 1 from area where code = $1 and valid_to = $2::date and became = $3', [
    code,
    on,
    became,
  ])
  return rows.length > 0
}

async function within(
  tx: Transaction,
  on: string,
  step: Step,
  own: ReadonlyMap<string, ChangeRow>,
  problems: Problems,
): Promise<Step[]> {
  const rows = await tx.query<AreaRow>(
    `select ${AREA_COLUMNS} from area where code ~>=~ $1 and code ~<=~ $2 and code <> $3 and ${THERE('$4')}`,
    [...rangeOf(prefixOf(step.from.code)), step.from.code, on],
  )
  const steps = rows
    .filter(({ code }) => isWithin(code, step.from.code) && !own.has(code))
    .map(
      (from): Step => ({
        line: step.line,
        from,
        became: rebased(from.code, step.from.code, step.became),
        name: from.name,
        isOwn: false,
      }),
    )
  const taken = await areasOn(
    tx,
    steps.map(({ became }) => became),
    on,
  )
  for (const { became, from } of steps) {
    if (taken.has(became)) problems.add(step.line, 'within-taken', became)
    if (from.valid_to !== null) problems.add(step.line, 'ended-already', from.valid_to)
    if (from.valid_from === on) problems.add(step.line, 'same-day')
  }
  return steps
}

async function needParents(tx: Transaction, on: string, steps: readonly Step[], problems: Problems): Promise<void> {
  const made = new Set(steps.map(({ became }) => became))
  const ending = new Set(steps.filter(({ from, became }) => from.code !== became).map(({ from }) => from.code))
  const parents = steps.flatMap(({ became }) => parentOf(became) ?? [])
  const there = await areasOn(tx, parents, on)
  for (const { line, became } of steps) {
    const parent = parentOf(became)
    if (parent && !made.has(parent) && (!there.has(parent) || ending.has(parent)))
      problems.add(line, 'no-parent', parent)
  }
}

/** What becomes of an area must not be there only later: its two beginnings would overlap. */
async function refuseLater(tx: Transaction, on: string, steps: readonly Step[], problems: Problems): Promise<void> {
  const rows = await tx.query<{ code: string; begins: string }>(
    'select code, min(valid_from) as begins from area where code = any($1) and valid_from > $2::date group by code',
    [steps.map(({ became }) => became), on],
  )
  const begins = new Map(rows.map((row) => [row.code, row.begins]))
  for (const { line, became } of steps) if (begins.has(became)) problems.add(line, 'begins-later', begins.get(became))
}

/** @returns how many homes lie in another area from then on. */
async function take(tx: Transaction, on: string, steps: readonly Step[]): Promise<number> {
  if (steps.length === 0) return 0
  const codes = steps.map(({ from }) => from.code)
  const became = steps.map((step) => step.became)
  const pairs = 'unnest($1::text[], $2::text[]) as given (code, became)'
  await tx.query(
    `update area set valid_to = $3::date, became = given.became from ${pairs} where area.code = given.code and valid_to is null`,
    [codes, became, on],
  )
  // All ends come before all beginnings: two areas may have changed their codes with one another.
  const there = await areasOn(tx, became, on)
  const made = new Map(steps.filter((step) => !there.has(step.became)).map((step) => [step.became, step.name]))
  await tx.query(
    `insert into area (code, name, level, valid_from) select code, name, level, $4::date
     from unnest($1::text[], $2::text[], $3::text[]) as given (code, name, level)`,
    [[...made.keys()], [...made.values()], [...made.keys()].map(levelOf), on],
  )
  const moved = steps.filter((step) => step.from.code !== step.became)
  const given = [moved.map(({ from }) => from.code), moved.map((step) => step.became)]
  // Read before anything is written: what one line makes of a home, the next must not take for its own.
  const [row] = await tx.query<{ homes: number }>(
    `with covering as (
       select home_area.home, home_area.centre, home_area.valid_from, home_area.valid_to, given.became
       from home_area join ${pairs} on home_area.code = given.code
       where home_area.valid_to is null or home_area.valid_to > $3::date
       for update of home_area
     ), later as (
       update home_area set code = covering.became from covering
       where home_area.home = covering.home and home_area.valid_from = covering.valid_from and covering.valid_from >= $3::date
       returning home_area.home
     ), ended as (
       update home_area set valid_to = $3::date from covering
       where home_area.home = covering.home and home_area.valid_from = covering.valid_from and covering.valid_from < $3::date
       returning covering.home, covering.centre, covering.became, covering.valid_to
     ), going_on as (
       insert into home_area (home, centre, code, valid_from, valid_to)
       select home, centre, became, $3::date, valid_to from ended returning home
     )
     select count(*) as homes from (select home from later union select home from going_on) as moved`,
    [...given, on],
  )
  // A responder's zone is the beginning of a code: whoever looks after a street goes on looking after it.
  await tx.query(`update responder set zone = given.became from ${pairs} where responder.zone = given.code`, [
    moved.map(({ from }) => prefixOf(from.code)),
    moved.map((step) => prefixOf(step.became)),
  ])
  return row?.homes ?? 0
}
