import { DomainError, malformed } from '@anju/contract'
import type { Channel, Ways } from '@anju/contract/api'
import { addressOn } from '../domain/roster/address.ts'
import { numberToDial } from '../domain/roster/ways.ts'
import type { Transaction } from '../ports.ts'
import { newId, type RosterParts } from './change.ts'
import type { OwnerKind } from './rows.ts'

export interface Owner {
  readonly kind: OwnerKind
  readonly id: string
  readonly centre: string
  /** A contact's home: who may see its alarm may see them. */
  readonly home: string | null
}
interface Address {
  readonly channel: Channel
  readonly address: string
}

/**
 * The list as it shall be, in its order. What stays keeps its proof and its death: a dead number that is typed again is still
 * dead, until somebody has answered there. The caller holds the owner's row.
 * @returns the number a person dials.
 * @throws DomainError `request-malformed`.
 */
export async function writeWays(tx: Transaction, parts: RosterParts, owner: Owner, ways: Ways): Promise<string> {
  const known = await tx.query<Address & { id: string; dead: boolean }>(
    'select id, channel, address, dead_since is not null as dead from way where owner_kind = $1 and owner = $2',
    [owner.kind, owner.id],
  )
  const wanted = ways.map((one, index): Address => {
    if ('id' in one) {
      const found = known.find(({ id }) => id === one.id)
      if (!found) throw malformed(`body/ways/${index}/id`, 'is none of theirs')
      return found
    }
    const address = addressOn(one.channel, one.address, parts.means)
    if (!address.ok) throw malformed(`body/ways/${index}/address`, address.why)
    return { channel: one.channel, address: address.address }
  })
  const twice = wanted.findIndex((one, index) => wanted.findIndex((other) => isSame(one, other)) < index)
  if (twice >= 0) throw malformed(`body/ways/${twice}`, 'is in the list already')

  const gone = known.filter((one) => !wanted.some((other) => isSame(one, other)))
  if (gone.length > 0) await tx.query('delete from way where id = any($1)', [gone.map(({ id }) => id)])
  for (const { channel, address } of gone)
    parts.withdrawals.withdraw(tx, { kind: owner.kind, id: owner.id, way: { channel, address } })
  if (wanted.length > 0)
    await tx.query(
      `insert into way (id, centre, home, owner_kind, owner, channel, address, position)
       select id, $1, $2, $3, $4, channel, address, position
       from unnest($5::text[], $6::text[], $7::text[]) with ordinality as given (id, channel, address, position)
       on conflict on constraint way_once do update set position = excluded.position`,
      [
        owner.centre,
        owner.home,
        owner.kind,
        owner.id,
        wanted.map(() => newId(parts, 'way')),
        wanted.map(({ channel }) => channel),
        wanted.map(({ address }) => address),
      ],
    )
  return numberToDial(
    wanted.map((one) => ({ ...one, dead: known.some((before) => isSame(one, before) && before.dead) })),
  )
}

const isSame = (one: Address, other: Address): boolean => one.channel === other.channel && one.address === other.address

/** Somebody answered there: whatever a provider said of it, it works. @throws DomainError `way-unknown`. */
export async function proveWay(tx: Transaction, owner: Pick<Owner, 'kind' | 'id'>, way: string): Promise<void> {
  const found = await tx.query(
    `update way set last_proven_on = app_now(), dead_since = null, dead_why = null
     where id = $1 and owner_kind = $2 and owner = $3 returning 1`,
    [way, owner.kind, owner.id],
  )
  if (found.length === 0) throw new DomainError('way-unknown', 'they have no such number or address')
}
