import { type AlarmId, DomainError, type HomeId } from '@anju/contract'
import {
  type Alarm,
  type AlarmDetail,
  type EscalationView,
  type Notification,
  type OpenEscalation,
} from '@anju/contract/api'
import { masked } from '../domain/resident.ts'
import { contactsOf, residentOf } from '../homes/repository.ts'
import type { Identity } from '../people/people.ts'
import type { Handovers } from '../plans/handovers.ts'
import type { PlanRuns } from '../plans/runs.ts'
import type { Database, PersonActor, Transaction } from '../ports.ts'
import type { PeopleAround } from '../roster/ports.ts'
import { forRelative, forWhom } from './for-whom.ts'
import { historyOf } from './history.ts'
import { homeFacts } from './home-facts.ts'
import { type AlarmFilter, list, RANK } from './list.ts'
import { type AlarmRecord, type AlarmRow, recordOf } from './record.ts'
import { ALARM_COLUMNS } from './repository.ts'
import { viewOf } from './view.ts'

export interface AlarmQueries {
  /** Open ones unless `handling` says otherwise, life first, then oldest; closed ones newest first. */
  list(who: Identity, filter: AlarmFilter): Promise<{ items: Alarm[]; nextCursor: string | null }>
  /** @throws DomainError `alarm-unknown`, as `version` does. */
  detail(who: Identity, id: AlarmId): Promise<{ detail: AlarmDetail; showsAccess: boolean }>
  version(who: Identity, id: AlarmId): Promise<number>
  /** What comes next for those that nobody has taken: the most urgent ones, when there are very many. */
  unanswered(who: Identity): Promise<OpenEscalation[]>
}

/** What other parts of the server know of an alarm; read in the same transaction. */
export interface DetailParts {
  readonly escalationOf: (tx: Transaction, alarm: AlarmRecord) => Promise<EscalationView[]>
  readonly notificationsOf: (
    tx: Transaction,
    alarm: AlarmId,
    shown: { readonly addresses: boolean },
  ) => Promise<Notification[]>
  readonly goingOf: (
    tx: Transaction,
    alarm: AlarmId,
    reader: PersonActor,
  ) => Promise<Required<Pick<AlarmDetail, 'going' | 'answered'>>>
  readonly plans: Pick<PlanRuns, 'view'>
  readonly handovers: Pick<Handovers, 'list'>
  readonly around: Pick<PeopleAround, 'offered'>
}

export function createAlarmQueries(database: Database, parts: DetailParts): AlarmQueries {
  return {
    list: (who, filter) => database.transaction(who.actor, (tx) => list(tx, who, filter)),
    detail: (who, id) => database.transaction(who.actor, (tx) => detail(tx, who, id, parts)),
    version: (who, id) =>
      database.transaction(who.actor, async (tx) => {
        const [row] = await tx.query<{ version: number }>(
          "select version from alarm where id = $1 and ($2::text is null or (home = $2 and type <> 'outage'))",
          [id, who.home],
          'alarm-version',
        )
        if (!row) throw unknown(id)
        return row.version
      }),
    unanswered: (who) => database.transaction(who.actor, (tx) => unanswered(tx, parts)),
  }
}

async function detail(tx: Transaction, { actor, home: onlyHome }: Identity, id: AlarmId, parts: DetailParts) {
  const [row] = await tx.query<AlarmRow>(
    `select ${ALARM_COLUMNS} from alarm where id = $1 and ($2::text is null or (home = $2 and type <> 'outage'))`,
    [id, onlyHome],
  )
  if (!row) throw unknown(id)
  const alarm = recordOf(row)
  // An outage is about an area: the home its alarm names is one of many, and nobody's business here.
  const onlyArea = onlyHome !== null || alarm.type === 'outage'
  const [facts, history, contacts, resident, plan, escalation, notifications, going] = await Promise.all([
    homeFacts(tx, [alarm]),
    historyOf(tx, alarm),
    onlyArea ? [] : contactsOf(tx, alarm.home),
    onlyArea ? null : residentOf(tx, alarm.home),
    parts.plans.view(tx, alarm),
    parts.escalationOf(tx, alarm),
    parts.notificationsOf(tx, id, { addresses: !onlyHome }),
    parts.goingOf(tx, id, actor),
  ])
  const { handling } = alarm.case
  // What an agency was told can hold the way in: for whoever holds this alarm right now, and for nobody else.
  const holds = 'lease' in handling && handling.lease.by.session === actor.session && facts.now < handling.lease.until
  const told = onlyHome ? { items: [], showsAccess: false } : await parts.handovers.list(tx, alarm, holds)
  const answer: AlarmDetail = {
    ...forWhom(viewOf(alarm, facts.of(alarm), actor.centre), onlyHome),
    ...(onlyHome ? { occurrenceList: [], timeline: history.timeline.map(forRelative) } : history),
    plan: onlyHome ? { ...plan, steps: [], current: null, manual: null } : plan,
    handovers: told.items,
    contacts,
    responders: onlyArea ? [] : await parts.around.offered(tx, { ...alarm, centre: actor.centre }, facts.now),
    notifications,
    escalation,
    ...going,
    resident: resident && {
      ...resident.asSeenAt(facts.now),
      // That there is one. What it is, is asked for by itself, so that a look is a look: `AlarmService.reveal`.
      access: masked(resident.access),
    },
  }
  return { detail: answer, showsAccess: told.showsAccess }
}

/** How one gets in; to whom it is told is the caller's to know. Nobody goes in anywhere for an outage. */
export async function wayIn(tx: Transaction, { homeId, type }: Alarm): Promise<string> {
  const resident = type === 'outage' ? null : await residentOf(tx, homeId as HomeId)
  if (!resident?.access) throw new DomainError('transition-refused', 'no way in was written down for this home')
  return resident.access
}

const unknown = (id: AlarmId) => new DomainError('alarm-unknown', 'there is no such alarm', { id })
/** Of life and hazard; a page that counts down to the next step shows no more. */
const unansweredMax = 50

async function unanswered(tx: Transaction, { escalationOf }: DetailParts): Promise<OpenEscalation[]> {
  const rows = await tx.query<AlarmRow>(
    `select ${ALARM_COLUMNS} from alarm where handling = 'new' and class in ('life', 'hazard')
     order by ${RANK}, received_at, id limit ${unansweredMax}`,
  )
  return Promise.all(
    rows.map(recordOf).map(async (alarm) => ({ alarm: alarm.id, tracks: await escalationOf(tx, alarm) })),
  )
}
