import { centreId, DomainError, malformed } from '@anju/contract'
import type { Database, Transaction } from '../ports.ts'
import { differing, type Keeper, type Kept, nameIn } from './keeping.ts'

export interface Centre {
  readonly id: string
  readonly name: string
  /** Who is asked when nobody of this centre takes an alarm. */
  readonly nextCentre: string | null
  /** The number that other agencies call back. */
  readonly callback: string
}

/** What is not mentioned stays as it is. */
export interface CentreWish {
  readonly name?: string | undefined
  readonly nextCentre?: string | null | undefined
  readonly callback?: string | undefined
}

const TELEPHONE = /^\+?[0-9][0-9 ()-]{2,30}$/
const SELECT = 'select id, name, next_centre as "nextCentre", callback from centre'

export const listCentres = (database: Database, { actor }: Keeper): Promise<Centre[]> =>
  database.transaction(actor, (tx) => tx.query<Centre>(`${SELECT} order by id`))

/**
 * Makes a centre, or changes the one there is; the same once more changes nothing.
 * @throws DomainError `request-malformed` naming the field, `centre-unknown`
 */
export async function keepCentre(database: Database, keeper: Keeper, id: string, wish: CentreWish): Promise<Kept> {
  const wanted = checked(id, wish)
  return database.transaction(keeper.actor, async (tx) => {
    const [stored] = await tx.query<Centre>(`${SELECT} where id = $1 for update`, [id])
    if (wanted.nextCentre) await requireCentre(tx, 'next centre', wanted.nextCentre)
    if (!stored) return add(tx, keeper, id, wanted)
    const changed = differing(wanted, stored)
    if (changed.length === 0) return { is: 'unchanged' }
    const { name, nextCentre, callback } = { ...stored, ...mentioned(wanted) }
    await tx.query('update centre set name = $2, next_centre = $3, callback = $4 where id = $1', [
      id,
      name,
      nextCentre,
      callback,
    ])
    await keeper.note(tx, id, { action: 'centre.changed', subjects: [id], changed })
    return { is: 'changed', changed }
  })
}

async function add(tx: Transaction, keeper: Keeper, id: string, wanted: CentreWish): Promise<Kept> {
  if (wanted.name === undefined)
    throw new DomainError('centre-unknown', `there is no centre ${id}; to make it, give its name`)
  const made = await tx.query(
    'insert into centre (id, name, next_centre, callback) values ($1, $2, $3, $4) on conflict do nothing returning 1',
    [id, wanted.name, wanted.nextCentre ?? null, wanted.callback ?? ''],
  )
  if (made.length === 0)
    throw new DomainError('overloaded', `somebody else makes centre ${id} at this moment; try again`)
  await keeper.note(tx, id, { action: 'centre.added', subjects: [id], changed: Object.keys(mentioned(wanted)) })
  return { is: 'added' }
}

/** @throws DomainError `centre-unknown` */
export async function requireCentre(tx: Transaction, field: string, id: string): Promise<void> {
  const found = await tx.query('select 1 from centre where id = $1', [id])
  if (found.length === 0) throw new DomainError('centre-unknown', `${field}: there is no centre ${id}`)
}

function checked(id: string, { name, nextCentre, callback }: CentreWish): CentreWish {
  try {
    centreId(id)
  } catch {
    throw malformed('id', 'lower-case letters, digits and dashes only, at most 64, like "west-lake"')
  }
  if (nextCentre === id) throw malformed('next centre', 'a centre does not stand in for itself')
  const number = callback?.trim()
  if (number !== undefined && number !== '' && !TELEPHONE.test(number))
    throw malformed('callback', 'is not a telephone number like "0571-8800 1234" or "+86 571 8800 1234"')
  return { name: name === undefined ? undefined : nameIn('name', name), nextCentre, callback: number }
}

const mentioned = (wish: CentreWish): Partial<Omit<Centre, 'id'>> =>
  Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined))
