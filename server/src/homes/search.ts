import type { HomeId } from '@anju/contract'
import type { Home } from '@anju/contract/api'
import { type Column, cast, columnar, given } from '../database/columns.ts'
import { maskedAddress, maskedName } from '../domain/resident.ts'
import { type FoundBy, foundBy, soughtBy } from '../finding.ts'
import type { Transaction } from '../ports.ts'
import { HOME_COLUMNS, type HomeRow, homeOf } from './repository.ts'

const hitsMax = 50
/** Sorts after every character: with it a beginning becomes a range. See 0022 for why not LIKE. */
const LAST = '\u{10FFFF}'
const WORD_COLUMNS = ['find_name', 'find_initials', 'find_pinyin', 'find_ref'] as const

export interface Search {
  readonly text: string
  /** The only home this person may know of. */
  readonly only: HomeId | null
  readonly cursor: string | undefined
}

/** Homes that a few typed letters may mean; who they are stays covered until one is opened. */
export async function search(
  tx: Transaction,
  { text, only, cursor }: Search,
): Promise<{ items: Home[]; nextCursor: string | null }> {
  const { words, door, number } = soughtBy(text)
  if (words.length === 0) return { items: [], nextCursor: null }
  const values: unknown[] = [cursor ?? null, only]
  const begins = (column: string, beginning: string): string => {
    values.push(beginning)
    const at = `$${values.length}::text`
    return `(${column} ~>=~ ${at} and ${column} ~<=~ (${at} || '${LAST}'))`
  }
  const home = words
    .map((word) => {
      const ways = WORD_COLUMNS.map((column) => begins(column, word))
      return `(${[...ways, begins('find_door', door ?? word)].join(' or ')})`
    })
    .join(' and ')
  const phone = number && [
    ...number.begins.map((beginning) => begins('phone', beginning)),
    begins('phone_reversed', number.ends.split('').reverse().join('')),
  ]
  const called = phone ? `union select home from contact where removed_at is null and (${phone.join(' or ')})` : ''
  const rows = await tx.query<HomeRow & { resident_name: string | null }>(
    `select ${HOME_COLUMNS}, (select name from resident where resident.home = hit.id order by resident.id limit 1) as resident_name
     from (
       select * from home where id in (select id from home where ${home} ${called})
         and ($1::text is null or id > $1) and ($2::text is null or id = $2)
       order by id limit ${hitsMax + 1}
     ) as hit order by id`,
    values,
  )
  const items = rows.slice(0, hitsMax).map(({ resident_name, ...row }) => covered(homeOf(row), resident_name))
  return { items, nextCursor: rows.length > hitsMax ? (items.at(-1)?.id ?? null) : null }
}

const covered = (home: Home, residentName: string | null): Home => ({
  ...home,
  name: maskedAddress(home.name),
  address: maskedAddress(home.address),
  residentName: residentName === null ? null : maskedName(residentName),
  masked: true,
})

interface Found extends FoundBy {
  readonly id: string
}
const FOUND: readonly Column<Found>[] = [
  { name: 'id', type: 'text', value: ({ id }) => id },
  { name: 'name', type: 'text', value: ({ name }) => name },
  { name: 'initials', type: 'text', value: ({ initials }) => initials },
  { name: 'pinyin', type: 'text', value: ({ pinyin }) => pinyin },
  { name: 'door', type: 'text', value: ({ door }) => door },
]
const COLUMN_OF = { name: 'find_name', initials: 'find_initials', pinyin: 'find_pinyin', door: 'find_door' } as const
const KEEP = `update home set ${FOUND.slice(1)
  .map((one) => `${COLUMN_OF[one.name as keyof typeof COLUMN_OF]} = ${cast(one)}`)
  .join(', ')} from ${given(FOUND)} where home.id = given.id`

/** Works out anew what these homes are found by; call it in the transaction that writes a name or an address. */
export async function refreshFinding(tx: Transaction, homes: readonly string[]): Promise<void> {
  const rows = await tx.query<{ id: string; name: string; address: string; resident_name: string | null }>(
    `select id, name, address, (select name from resident where resident.home = home.id order by resident.id limit 1) as resident_name
     from home where id = any($1) order by id`,
    [homes],
  )
  const found = rows.map(({ id, name, address, resident_name: residentName }) => ({
    id,
    ...foundBy({ residentName, name, address }),
  }))
  if (found.length > 0) await tx.query(KEEP, columnar(FOUND, found))
}
