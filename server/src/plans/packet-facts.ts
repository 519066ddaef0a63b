import { DomainError, type Instant, invariant } from '@anju/contract'
import type { Agency } from '@anju/contract/api'
import type { AlarmRecord } from '../alarms/record.ts'
import { outageAt } from '../domain/correlation.ts'
import type { PacketArea, PacketFacts, PacketHome } from '../domain/handover-packet.ts'
import { ageAt } from '../domain/resident.ts'
import type { Transaction } from '../ports.ts'

/** What the operator adds, and who they are. */
export interface Said {
  readonly agency: Agency
  readonly by: string
  readonly note: string | null
}

/** What there is to tell an agency of this alarm: of its home and who lives there, or of an outage's area. */
export async function factsOf(
  tx: Transaction,
  alarm: AlarmRecord,
  { agency, by, note }: Said,
  now: Instant,
): Promise<PacketFacts> {
  const [centre, place] = await Promise.all([centreOf(tx, alarm), areaOf(tx, alarm) ?? homeOf(tx, alarm, now)])
  return {
    agency,
    alarm: {
      // The end of the id is what can be read out; the whole is what can be looked up.
      code: `${alarm.id.slice(-6)} (${alarm.id})`,
      type: alarm.type,
      // By our own clock: who is told "at 08:02" because a gateway's clock began in 1970 comes to the wrong emergency.
      firstAt: (alarm.receivedAt - alarm.episode.lateByMs) as Instant,
      occurrences: alarm.episode.occurrences,
      test: alarm.episode.test,
    },
    place,
    centre,
    by,
    note,
  }
}

async function centreOf(tx: Transaction, { centre }: AlarmRecord): Promise<PacketFacts['centre']> {
  const [row] = await tx.query<PacketFacts['centre']>('select name, callback from centre where id = $1', [centre])
  return row ?? { name: centre, callback: '' }
}

/** An outage's alarm has to name a home, and is of none: only that home's clock on the wall is read. Undefined for any other. */
function areaOf(tx: Transaction, alarm: AlarmRecord): Promise<PacketArea> | undefined {
  if (alarm.type !== 'outage') return undefined
  const outage = outageAt(alarm.placement)
  invariant(outage, `outage ${alarm.id} says no area`)
  return tx.query<{ names: string[]; time_zone: string }>(AREA, [alarm.home, outage.where]).then(([row]) => ({
    kind: 'area',
    names: row && row.names.length > 0 ? row.names : [outage.where],
    homes: alarm.children,
    folds: outage.folds,
    timeZone: row?.time_zone ?? 'Asia/Shanghai',
  }))
}
/** A street's names from the province down; of homes in no known area, the centre's. */
const AREA = `select home.time_zone, array(
    select area.name from area
    where area.code in (rpad(left($2, 2), 12, '0'), rpad(left($2, 4), 12, '0'), rpad(left($2, 6), 12, '0'), rpad($2, 12, '0'))
      and area.valid_to is null
    order by area.code
  ) || array(select name from centre where id = $2) as names
  from home where home.id = $1`

interface HomeRow {
  address: string
  time_zone: string
  arrival: string
  latitude: number | null
  longitude: number | null
  placement: string | null
  name: string | null
  born_on: string | null
  medical: string[]
  language: string
  hearing: string
  lives_alone: boolean
  access: string
}

async function homeOf(tx: Transaction, alarm: AlarmRecord, now: Instant): Promise<PacketHome> {
  const [row] = await tx.query<HomeRow>(HOME, [alarm.home, alarm.placement])
  if (!row) throw new DomainError('home-unknown', 'the alarm’s home is not there', { home: alarm.home })
  const { latitude, longitude } = row
  return {
    kind: 'home',
    address: row.address,
    placement: row.placement ?? '',
    timeZone: row.time_zone,
    arrival: row.arrival,
    position: latitude !== null && longitude !== null ? { latitude, longitude } : null,
    resident:
      row.name === null
        ? null
        : {
            name: row.name,
            age: ageAt(row.born_on, now),
            medical: row.medical,
            language: row.language,
            hearing: row.hearing,
            livesAlone: row.lives_alone,
            access: row.access,
          },
  }
}
const HOME = `select home.address, home.time_zone, home.arrival, home.latitude, home.longitude, placement.name as placement, who.*
  from home left join placement on placement.home = home.id and placement.id = $2
  left join lateral (
    select name, born_on, medical, language, hearing, lives_alone, access from resident where resident.home = home.id order by id limit 1
  ) as who on true
  where home.id = $1`
