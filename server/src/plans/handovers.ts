import { DomainError, formatInstant, type Instant } from '@anju/contract'
import type { Agency, Handover } from '@anju/contract/api'
import type { Command } from '../alarms/command.ts'
import type { AlarmRecord } from '../alarms/record.ts'
import { entersHome, type Packet, packetOf } from '../domain/handover-packet.ts'
import { masked } from '../domain/resident.ts'
import type { PersonActor, Transaction } from '../ports.ts'
import { factsOf, type Said } from './packet-facts.ts'

/** What outside agencies were told of an alarm, in the command's own transaction and under the alarm's lock. */
export interface Handovers {
  /** Undefined when the command is none of theirs. @throws DomainError `handover-unknown`. */
  follow(
    tx: Transaction,
    alarm: AlarmRecord,
    command: Command,
    who: PersonActor,
    now: Instant,
  ): Promise<Handover | undefined>
  /** What this agency would be told now, word for word; nothing is written. For who holds the alarm. */
  preview(tx: Transaction, alarm: AlarmRecord, said: Said, now: Instant): Promise<Packet>
  /** Oldest first; the way in is in the texts only for who holds the alarm. */
  list(tx: Transaction, alarm: AlarmRecord, holds: boolean): Promise<{ items: Handover[]; showsAccess: boolean }>
}

export function createHandovers(): Handovers {
  return {
    async follow(tx, alarm, command, who, now) {
      switch (command.type) {
        case 'hand-over':
          return handOver(tx, alarm, command, who, now)
        case 'agency-on-way':
          // Whoever says so holds the alarm: that was decided before.
          return viewOf(await answered(tx, alarm, command, true), true)
        case 'agency-answer':
          return viewOf(await answered(tx, alarm, command, false), false)
        default:
          return undefined
      }
    },

    preview: async (tx, alarm, said, now) => (await wordsOf(tx, alarm, said, now)).text,

    async list(tx, alarm, holds) {
      const rows = await tx.query<Row>(
        `select ${COLUMNS} from agency_handover where alarm = $1 order by id limit ${handoversMax}`,
        [alarm.id],
      )
      const showsAccess = holds && rows.some(({ text, masked: without }) => text['zh-CN'] !== without['zh-CN'])
      return { items: rows.map((row) => viewOf(row, holds)), showsAccess }
    },
  }
}

const handoversMax = 100
const COLUMNS = 'id, agency, at, person_name, text, masked, on_the_way, case_number, outcome'
interface Row {
  id: number
  agency: Agency
  at: Instant
  person_name: string
  text: Packet
  masked: Packet
  on_the_way: boolean
  case_number: string | null
  outcome: string | null
}

const viewOf = (row: Row, holds: boolean): Handover => ({
  id: String(row.id),
  agency: row.agency,
  at: formatInstant(row.at),
  by: row.person_name,
  text: holds ? row.text : row.masked,
  onTheWay: row.on_the_way,
  caseNumber: row.case_number,
  outcome: row.outcome,
})

async function handOver(
  tx: Transaction,
  alarm: AlarmRecord,
  { agency, note, onTheWay }: Extract<Command, { type: 'hand-over' }>,
  who: PersonActor,
  now: Instant,
): Promise<Handover> {
  const said = await wordsOf(tx, alarm, { agency, note, by: who.name }, now)
  const [row] = await tx.query<Row>(
    `insert into agency_handover (centre, alarm, agency, at, person, person_name, text, masked, on_the_way)
     values ($1, $2, $3, to_timestamp($4::double precision / 1000), $5, $6, $7, $8, $9) returning ${COLUMNS}`,
    [
      alarm.centre,
      alarm.id,
      agency,
      now,
      who.person,
      who.name,
      JSON.stringify(said.text),
      JSON.stringify(said.masked),
      onTheWay,
    ],
  )
  if (!row) throw new DomainError('internal', 'a handover was written and is not there')
  return viewOf(row, true)
}

interface Words {
  readonly text: Packet
  readonly masked: Packet
}

/** What this agency is told of this alarm now, and the same without the way in. */
async function wordsOf(tx: Transaction, alarm: AlarmRecord, said: Said, now: Instant): Promise<Words> {
  const facts = await factsOf(tx, alarm, said, now)
  const { place } = facts
  const access = (entersHome(said.agency) && place.kind === 'home' && place.resident?.access) || null
  return { text: packetOf(facts, access), masked: packetOf(facts, access && masked(access)) }
}

async function answered(
  tx: Transaction,
  alarm: AlarmRecord,
  said: Extract<Command, { type: 'agency-answer' | 'agency-on-way' }>,
  onTheWay: boolean,
): Promise<Row> {
  const [row] = await tx.query<Row>(
    `update agency_handover set case_number = coalesce($3, case_number), outcome = coalesce($4, outcome), on_the_way = on_the_way or $5
     where alarm = $1 and id::text = $2 returning ${COLUMNS}`,
    [alarm.id, said.handover, said.caseNumber, said.outcome, onTheWay],
  )
  if (!row) throw new DomainError('handover-unknown', 'nothing of this alarm was handed over under this number')
  return row
}
