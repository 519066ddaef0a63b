import { DomainError } from '@anju/contract'
import { DISPOSITIONS } from '@anju/contract/api'
import { homeOf } from '../domain/correlation.ts'
import type { PersonActor } from '../people/people.ts'
import type { Transaction } from '../ports.ts'
import type { PeopleAround } from '../roster/ports.ts'
import type { AlarmRecord } from './record.ts'
import type { Command } from './service.ts'

/**
 * What a command says beyond the machine must exist; and what it says of somebody's number is written down.
 * @throws DomainError `contact-unknown`, `way-unknown`, `responder-unknown`, `consent-withdrawn`, `consent-missing`, `request-malformed`, `transition-refused`.
 */
export async function checked(
  tx: Transaction,
  alarm: AlarmRecord,
  command: Command,
  { centre }: PersonActor,
  around: Pick<PeopleAround, 'called' | 'goes'>,
): Promise<void> {
  switch (command.type) {
    case 'contact':
      return around.called(tx, homeOf(alarm), command)
    case 'dispatch':
      return around.goes(tx, { responder: command.responder, home: homeOf(alarm), centre, case: alarm.case })
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
