import { type AlarmId, DomainError } from '@anju/contract'
import type { Alarm, PacketPreview } from '@anju/contract/api'
import { handle } from '../domain/handling.ts'
import type { Handovers } from '../plans/handovers.ts'
import type { Database, PersonActor } from '../ports.ts'
import type { Command } from './command.ts'
import { homeFacts } from './home-facts.ts'
import { type AlarmRow, recordOf } from './record.ts'
import { ALARM_COLUMNS } from './repository.ts'
import { refusal } from './service.ts'

export type HandOver = Omit<Extract<Command, { type: 'hand-over' }>, 'onTheWay'>

/**
 * What an agency would be told, to be read before anybody dials. The same machine is asked as for the telling, and its answer is
 * thrown away: who may not tell it may not read it either, and nothing of the alarm changes.
 * @throws DomainError `alarm-unknown`, `lease-stale` (with `owner`).
 */
export const packetPreview =
  (database: Database, handovers: Pick<Handovers, 'preview'>) =>
  (
    actor: PersonActor,
    id: AlarmId,
    command: HandOver,
  ): Promise<PacketPreview & { readonly of: Pick<Alarm, 'id' | 'type' | 'homeId'> }> =>
    database.transaction(actor, async (tx) => {
      const [row] = await tx.query<AlarmRow>(`select ${ALARM_COLUMNS} from alarm where id = $1`, [id])
      if (!row) throw new DomainError('alarm-unknown', 'there is no such alarm', { id })
      const alarm = recordOf(row)
      const { now } = await homeFacts(tx, [alarm])
      const by = { person: actor.person, name: actor.name, session: actor.session }
      const decision = handle(alarm.case, { ...command, onTheWay: false, by, now })
      if ('refused' in decision) throw refusal(decision.refused, decision.owner)
      const { agency, note } = command
      const text = await handovers.preview(tx, alarm, { agency, note, by: actor.name }, now)
      return { text, of: { id, type: alarm.type, homeId: alarm.home } }
    })
export type PreviewPacket = ReturnType<typeof packetPreview>
