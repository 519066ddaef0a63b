import { DomainError, malformed, type PersonId } from '@anju/contract'
import { DISPOSITIONS, type Role } from '@anju/contract/api'
import { homeOf } from '../domain/correlation.ts'
import type { Colleague } from '../domain/offer.ts'
import { allows } from '../policy/table.ts'
import type { PersonActor, Transaction } from '../ports.ts'
import type { PeopleAround } from '../roster/ports.ts'
import type { Command, CommandChecked } from './command.ts'
import type { AlarmRecord } from './record.ts'

/**
 * What a command says beyond the machine must exist; and what it says of somebody's number is written down.
 * @returns it as the machine is told it.
 * @throws DomainError `contact-unknown`, `way-unknown`, `responder-unknown`, `person-unknown`, `consent-withdrawn`, `consent-missing`,
 * `request-malformed`, `transition-refused`.
 */
export async function checked(
  tx: Transaction,
  alarm: AlarmRecord,
  command: Command,
  actor: PersonActor,
  around: Pick<PeopleAround, 'called' | 'goes'>,
): Promise<CommandChecked> {
  if (command.type === 'offer') return { ...command, to: await colleague(tx, command.to, actor) }
  await check(tx, alarm, command, actor, around)
  return command
}

async function check(
  tx: Transaction,
  alarm: AlarmRecord,
  command: Exclude<Command, { type: 'offer' }>,
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

/**
 * Whom an alarm can be offered to: somebody else of one's own centre who may take one. The centre is asked for by name, for in a
 * transaction about an alarm that was handed on the rows of others are there, too.
 */
async function colleague(tx: Transaction, id: PersonId, { person, centre }: PersonActor): Promise<Colleague> {
  const [found] = await tx.query<{ name: string; role: Role; locked: boolean }>(
    'select name, role, locked_at is not null as locked from person where id = $1 and centre = $2',
    [id, centre],
    'colleague',
  )
  if (!found) throw new DomainError('person-unknown', 'to: nobody of this centre')
  if (id === person) throw malformed('to', 'is who offers it')
  if (found.locked) throw malformed('to', 'their account is locked')
  if (!allows('alarm.handle', found.role)) throw malformed('to', 'their role takes no alarms')
  return { person: id, name: found.name }
}
