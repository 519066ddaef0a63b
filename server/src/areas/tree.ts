import { levelOf, parentOf } from '../domain/area.ts'
import type { Actor, Database, Transaction } from '../ports.ts'
import { type AreaReport, type Problems, readTree, type TreeRow } from './lists.ts'

/** Areas are public facts: not a centre's, and taken in for all of them. */
const AREAS: Actor = { kind: 'system', part: 'areas' }
const rowsAtOnceMax = 5_000

/** Takes the tree in: all of the file or nothing of it. What is there already, by its name, stays; the same file again changes nothing. */
export async function importTree(
  database: Database,
  file: AsyncIterable<Uint8Array>,
  dryRun: boolean,
): Promise<AreaReport> {
  const { rows, problems } = await readTree(file)
  const unread = problems.list.length
  return database.transaction(AREAS, async (tx) => {
    const fresh: TreeRow[] = []
    const known = await current(tx, rows)
    const inFile = new Map<string, number>()
    for (const row of rows) {
      const first = inFile.get(row.code)
      const name = known.get(row.code)
      if (first !== undefined) problems.add(row.line, 'repeated', first)
      else if (name !== undefined && name !== row.name) problems.add(row.line, 'named-otherwise', name)
      else if (name === undefined) fresh.push(row)
      inFile.set(row.code, row.line)
    }
    await needParents(tx, fresh, inFile, problems)
    const sound = problems.list.length === 0
    if (sound && !dryRun) await insert(tx, fresh)
    return {
      rows: rows.length + unread,
      changed: sound ? fresh.length : 0,
      unchanged: rows.length - fresh.length,
      homesMoved: 0,
      problems: problems.inOrder(),
    }
  })
}

async function current(tx: Transaction, rows: readonly TreeRow[]): Promise<Map<string, string>> {
  const known = new Map<string, string>()
  for (const some of pieces(rows))
    for (const { code, name } of await tx.query<{ code: string; name: string }>(
      'select code, name from area where code = any($1) and valid_to is null',
      [some.map(({ code }) => code)],
    ))
      known.set(code, name)
  return known
}

async function needParents(
  tx: Transaction,
  fresh: readonly TreeRow[],
  inFile: ReadonlyMap<string, number>,
  problems: Problems,
): Promise<void> {
  const parentless = fresh.flatMap((row) => {
    const parent = parentOf(row.code)
    return parent && !inFile.has(parent) ? [{ ...row, code: parent, child: row }] : []
  })
  const known = await current(tx, parentless)
  for (const { code, child } of parentless) if (!known.has(code)) problems.add(child.line, 'no-parent', code)
}

async function insert(tx: Transaction, rows: readonly TreeRow[]): Promise<void> {
  for (const some of pieces(rows))
    await tx.query(
      `insert into area (code, name, level, valid_from)
       select * from unnest($1::text[], $2::text[], $3::text[], $4::date[])`,
      [
        some.map(({ code }) => code),
        some.map(({ name }) => name),
        some.map(({ code }) => levelOf(code)),
        some.map(({ validFrom }) => validFrom),
      ],
    )
}

function* pieces<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < rows.length; at += rowsAtOnceMax) yield rows.slice(at, at + rowsAtOnceMax)
}
