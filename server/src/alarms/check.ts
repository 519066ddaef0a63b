import { DomainError } from '@anju/contract'
import { DISPOSITIONS } from '@anju/contract/api'
import type { PersonActor } from '../people/people.ts'
import type { Transaction } from '../ports.ts'
import { afterCall } from '../roster/calls.ts'
import type { Withdrawals } from '../roster/ports.ts'
import { WITHDRAWN } from '../roster/rows.ts'
import type { AlarmRecord } from './record.ts'
import type { Command } from './service.ts'

/**
 * What a command says beyond the machine must exist; and what it says of somebody's number is written down.
 * @throws DomainError `contact-unknown`, `way-unknown`, `responder-unknown`, `consent-withdrawn`, `request-malformed`, `transition-refused`.
 */
export async function checked(
  tx: Transaction,
  alarm: AlarmRecord,
  command: Command,
  { centre }: PersonActor,
  withdrawals: Pick<Withdrawals, 'bury'>,
): Promise<void> {
  switch (command.type) {
    case 'contact': {
      const known = await tx.query('select 1 from contact where id = $1 and home = $2', [command.contact, alarm.home])
      if (known.length === 0) throw new DomainError('contact-unknown', 'this home has no such contact')
      // The numbers before their owner, as whoever records a provider's word locks them.
      await afterCall(tx, withdrawals, command)
      await tx.query(
        `update contact set last_outcome = $2, last_proven_on = case when $3 then app_now() else last_proven_on end where id = $1`,
        [command.contact, command.outcome, command.reached],
      )
      return
    }
    case 'dispatch': {
      // Said here, for in a transaction about an alarm that was handed on nothing else would: whoever acts sends their own people.
      const [found] = await tx.query<{ gone: boolean; withdrawn: boolean }>(
        `select removed_at is not null as gone, ${WITHDRAWN('responder', '$3', 'responder.id')} as withdrawn
         from responder where id = $1 and centre = $2`,
        [command.responder, centre, alarm.home],
      )
      if (!found || found.gone) throw new DomainError('responder-unknown', 'there is no such responder')
      if (found.withdrawn)
        throw new DomainError(
          'consent-withdrawn',
          'the resident withdrew their consent that this one is told of alarms',
        )
      return
    }
    case 'close': {
      if (alarm.children > 0)
        throw new DomainError(
          'transition-refused',
          `${alarm.children} homes are still in this outage: it closes by itself when the last one is back`,
        )
      const { code, cause } = command.disposition
      const causes: readonly string[] = DISPOSITIONS[code]
      if (!causes.includes(cause))
        throw new DomainError(
          'request-malformed',
          `disposition.cause: of "${code}" must be one of ${causes.join(', ')}`,
        )
      return
    }
    case 'undo-close': {
      const newer = await tx.query(
        `select 1 from alarm where home = $1 and placement = $2 and type = $3 and handling <> 'closed' and id <> $4 limit 1`,
        [alarm.home, alarm.placement, alarm.type, alarm.id],
      )
      if (newer.length > 0 && alarm.case.handling.at === 'closed')
        throw new DomainError('transition-refused', 'it has happened again since, and is open as a new alarm')
      return
    }
    default:
  }
}
