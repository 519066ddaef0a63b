import type { AreaCode } from '../domain/area.ts'
import type { Transaction } from '../ports.ts'

export interface AreaRow {
  readonly code: AreaCode
  readonly name: string
  readonly level: string
  readonly valid_from: string
  readonly valid_to: string | null
  readonly became: string | null
}
export const AREA_COLUMNS = 'code, name, level, valid_from, valid_to, became'

/** Sorts after every digit: with it a beginning becomes a range that an index serves, under row-level security, too. */
const LAST = '~'
export const rangeOf = (prefix: string): [from: string, to: string] => [prefix, prefix + LAST]

/** On that day. */
export const THERE = (day: string): string =>
  `valid_from <= ${day}::date and (valid_to is null or valid_to > ${day}::date)`

export const today = async (tx: Transaction): Promise<string> =>
  (await tx.query<{ day: string }>('select administrative_day() as day'))[0]?.day ?? ''

/** Those of these codes that were there on that day. */
export async function areasOn(
  tx: Transaction,
  codes: readonly string[],
  on: string,
): Promise<ReadonlyMap<string, AreaRow>> {
  const rows = await tx.query<AreaRow>(
    `select ${AREA_COLUMNS} from area where code = any($1) and ${THERE('$2')}`,
    [codes, on],
    'areas-on',
  )
  return new Map(rows.map((row) => [row.code, row]))
}
