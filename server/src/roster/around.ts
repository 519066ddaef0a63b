import { DomainError } from '@anju/contract'
import type { ContactOutcome } from '@anju/contract/api'
import { isVisit, withheld } from '../domain/consent.ts'
import { isTelephone, onlyTelephone } from '../domain/roster/ways.ts'
import type { Transaction } from '../ports.ts'
import { offeredTo } from './near.ts'
import type { Call, PeopleAround, Withdrawals } from './ports.ts'
import { type StoredWay, VISIT_UNWANTED, WAYS_TO_CONTACT, WITHDRAWN } from './rows.ts'

/** Why a number is dead when a stranger answered there. */
const WRONG_NUMBER = 'wrong-number' satisfies ContactOutcome

export function createPeopleAround(withdrawals: Pick<Withdrawals, 'bury'>): PeopleAround {
  return {
    async called(tx, home, call) {
      const known = await tx.query('select 1 from contact where id = $1 and home = $2', [call.contact, home])
      if (known.length === 0) throw new DomainError('contact-unknown', 'this home has no such contact')
      // The numbers before their owner, as whoever records a provider's word locks them.
      await ofTheNumber(tx, withdrawals, call)
      await tx.query(
        `update contact set last_outcome = $2, last_proven_on = case when $2 = 'reached' then app_now() else last_proven_on end
         where id = $1`,
        [call.contact, call.outcome],
      )
    },

    async goes(tx, { responder, home, centre, case: { class: of } }) {
      // Said here, for in a transaction about an alarm that was handed on nothing else would: whoever acts sends their own people.
      const [found] = await tx.query<{ gone: boolean; withdrawn: boolean; unwanted: boolean }>(
        `select removed_at is not null as gone, ${WITHDRAWN('responder', '$3', 'responder.id')} as withdrawn,
           ${VISIT_UNWANTED('$3', 'responder.id', 'centre')} as unwanted
         from responder where id = $1 and centre = $2`,
        [responder, centre, home],
      )
      if (!found || found.gone) throw new DomainError('responder-unknown', 'there is no such responder')
      if (found.withdrawn)
        throw new DomainError(
          'consent-withdrawn',
          'the resident withdrew their consent that this one is told of alarms',
        )
      if (isVisit(of) && found.unwanted) throw withheld('responder-visit')
    },

    offered: offeredTo,
  }
}

/**
 * What a call says of the number it went to. Whoever was reached there has proven it, whatever a provider said of it. Where a
 * stranger answered nothing more is sent, calls and messages alike, and what was queued there has failed. That nobody answered
 * says nothing of a number.
 */
async function ofTheNumber(tx: Transaction, withdrawals: Pick<Withdrawals, 'bury'>, call: Call): Promise<void> {
  const { contact, outcome } = call
  if (call.way === undefined && outcome !== 'reached' && outcome !== WRONG_NUMBER) return
  const [{ ways } = { ways: [] }] = await tx.query<{ ways: readonly StoredWay[] }>(
    `select ${WAYS_TO_CONTACT('$1')} as ways`,
    [contact],
  )
  const called =
    call.way === undefined ? onlyTelephone(ways) : ways.filter(isTelephone).find(({ id }) => id === call.way)
  if (!called && call.way !== undefined) throw new DomainError('way-unknown', 'they have no such number')
  if (!called) return
  const same = ways.filter((one) => isTelephone(one) && one.address === called.address)
  const ids = same.map(({ id }) => id)
  if (outcome === 'reached')
    await tx.query(
      `update way set dead_since = null, dead_why = null, last_proven_on = case when id = $1 then app_now() else last_proven_on end
       where id = $1 or (id = any($2) and dead_why = $3)`,
      [called.id, ids, WRONG_NUMBER],
    )
  if (outcome !== WRONG_NUMBER) return
  await tx.query('update way set dead_since = coalesce(dead_since, app_now()), dead_why = $2 where id = any($1)', [
    ids,
    WRONG_NUMBER,
  ])
  for (const { channel, address } of same)
    withdrawals.bury(tx, { kind: 'contact', id: contact, way: { channel, address } })
}
