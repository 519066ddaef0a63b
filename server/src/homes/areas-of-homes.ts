import type { AreaCode } from '../domain/area.ts'
import type { Transaction } from '../ports.ts'

/** In which area a home lies, and since when: what a figure of last month is counted by. */

export interface AreaToday {
  /** Undefined: never heard of. */
  readonly known: boolean
  /** It ended, and became this; null while it is there. */
  readonly became: string | null
  readonly ended: boolean
}

/** What has become of these codes, as of today. */
export async function areasToday(tx: Transaction, codes: readonly string[]): Promise<ReadonlyMap<string, AreaToday>> {
  const rows = await tx.query<{ code: string; ended: boolean; became: string | null }>(
    `select distinct on (code) code, coalesce(valid_to <= (select administrative_day()), false) as ended, became
     from area where code = any($1) and valid_from <= (select administrative_day()) order by code, valid_from desc`,
    [codes],
  )
  const found = new Map(rows.map(({ code, ended, became }) => [code, { known: true, ended, became }]))
  return new Map(codes.map((code) => [code, found.get(code) ?? { known: false, ended: false, became: null }]))
}

export interface Move {
  readonly home: string
  readonly to: AreaCode | null
}

/** From today on; until yesterday everything stays as it was. A second move on one day replaces the first. */
export async function moveHomes(tx: Transaction, centre: string, moves: readonly Move[]): Promise<void> {
  if (moves.length === 0) return
  const homes = moves.map(({ home }) => home)
  const codes = moves.map(({ to }) => to)
  await tx.query('delete from home_area where home = any($1) and valid_from >= (select administrative_day())', [homes])
  await tx.query(
    `update home_area set valid_to = (select administrative_day())
     where home = any($1) and (valid_to is null or valid_to > (select administrative_day()))`,
    [homes],
  )
  await tx.query(
    `insert into home_area (home, centre, code, valid_from)
     select home, $3, code, (select administrative_day()) from unnest($1::text[], $2::text[]) as given (home, code)
     where code is not null`,
    [homes, codes, centre],
  )
}
