import { DomainError } from '@anju/contract'
import type { PlanClass, PlanStep, PlanView } from '@anju/contract/api'
import type { Command } from '../alarms/command.ts'
import type { AlarmRecord } from '../alarms/record.ts'
import { homeOf } from '../domain/correlation.ts'
import { fitted, narrowest, type Plan, sourceOf } from '../domain/plan.ts'
import { type Act, begin, follow, type PlanInput, type PlanRun } from '../domain/plan-run.ts'
import type { PersonActor, Transaction } from '../ports.ts'
import { planView } from './view.ts'

/** An alarm's plan, told of every command on the alarm, in the command's own transaction and under the alarm's lock. */
export interface PlanRuns {
  /**
   * The first command of somebody who takes the alarm takes the copy of the plan it was opened under; others complete steps.
   * @throws DomainError `plan-incomplete` (with `steps`), `step-unknown`, `transition-refused`, `request-malformed`.
   */
  follow(tx: Transaction, alarm: AlarmRecord, command: Command, who: PersonActor, act: Act): Promise<void>
  /** As it is to be followed now. */
  view(tx: Transaction, alarm: AlarmRecord): Promise<PlanView>
}

export function createPlanRuns(): PlanRuns {
  return {
    async follow(tx, alarm, command, who, act) {
      const input = await inputOf(tx, alarm, command)
      if (input === undefined) return
      const kept = await keptRun(tx, alarm)
      const before = kept ?? begin(await planAtOpening(tx, alarm))
      const decision = input === 'claimed' ? { becomes: before, defect: false } : follow(before, input, act)
      if ('refused' in decision)
        throw new DomainError(decision.refused, decision.why, {
          steps: decision.steps.map(({ id, text }) => ({ id, text })),
        })
      if (decision.becomes !== kept) save(tx, alarm, decision.becomes)
      if (decision.defect) void recordDefect(tx, alarm, decision.becomes, who, act)
    },

    async view(tx, alarm) {
      const kept = await keptRun(tx, alarm)
      return planView(kept ?? begin(await planAtOpening(tx, alarm)), kept !== undefined)
    },
  }
}

/** What a command means to the plan; undefined when it means nothing, and then nothing is asked of the database. */
async function inputOf(
  tx: Transaction,
  alarm: AlarmRecord,
  command: Command,
): Promise<PlanInput | 'claimed' | undefined> {
  switch (command.type) {
    case 'claim':
    case 'takeover':
      return 'claimed'
    case 'step':
      return { type: 'step', step: command.step, outcome: command.outcome, note: command.note }
    case 'manual':
      return { type: 'manual', reason: command.reason }
    case 'contact': {
      const position = await positionOf(tx, alarm, command.contact)
      return { type: 'contacted', position, reached: command.reached, outcome: command.outcome }
    }
    case 'dispatch':
      return { type: 'dispatched' }
    case 'note':
      return { type: 'noted' }
    case 'hand-over':
      return { type: 'handed-over', agency: command.agency }
    case 'close':
      return { type: 'closing', class: alarm.case.class }
    case 'undo-close':
      return { type: 'reopened' }
    default:
      return undefined
  }
}

async function keptRun(tx: Transaction, alarm: AlarmRecord): Promise<PlanRun | undefined> {
  const [row] = await tx.query<{ run: PlanRun }>('select run from plan_run where alarm = $1', [alarm.id], 'plan-run')
  return row?.run
}

function save(tx: Transaction, alarm: AlarmRecord, run: PlanRun): void {
  void tx.query(
    'insert into plan_run (alarm, centre, run) values ($1, $2, $3) on conflict (alarm) do update set run = excluded.run',
    [alarm.id, alarm.centre, JSON.stringify(run)],
    'plan-run-save',
  )
}

interface PlanRow {
  id: number
  home: string | null
  type: string | null
  class: PlanClass | null
  version: number
  steps: PlanStep[]
  contacts: number
}

/**
 * The plan that held for this alarm when it was opened, by the database's clock: what was written, changed or removed since is for
 * alarms that are opened from then on; of an outage the centre's, for no home has it. Its class is the one it has now: what turned out to be graver is worked as that.
 */
async function planAtOpening(tx: Transaction, alarm: AlarmRecord): Promise<Plan> {
  const rows = await tx.query<Partial<PlanRow> & { contacts: number }>(
    `select plan.id, plan.home, plan.type, plan.class, plan.version, plan.steps,
       (select count(*)::integer from contact where contact.home = $2 and removed_at is null) as contacts
     from (select 1) as one left join (
       select response_plan.id, home, type, class, held.version, held.steps
       from response_plan join lateral (
         select version, steps from plan_version
         where plan_version.plan = response_plan.id and held_from <= to_timestamp($5::double precision / 1000)
         order by version desc limit 1
       ) as held on held.steps is not null
       where centre = $1 and ((home = $2 and type = $3) or (home is null and (type = $3 or class = $4)))
     ) as plan on true`,
    [alarm.centre, homeOf(alarm), alarm.type, alarm.case.class, alarm.receivedAt],
    'plan-at-opening',
  )
  const plans = rows.flatMap((row) => (isPlan(row) ? [planOf(row)] : []))
  return fitted(narrowest(plans, alarm.case.class), rows[0]?.contacts ?? 0)
}
const isPlan = (row: Partial<PlanRow>): row is PlanRow => row.id !== undefined && row.id !== null
const planOf = (row: PlanRow): Plan => ({
  source: sourceOf(row),
  id: String(row.id),
  version: row.version,
  steps: row.steps,
})

/** The contact's place in the order in which the home's contacts are called. */
async function positionOf(tx: Transaction, alarm: AlarmRecord, contact: string): Promise<number> {
  const [row] = await tx.query<{ position: number }>(
    `select count(*)::integer as position from contact as one
     join contact on contact.home = one.home and contact.removed_at is null
       and (contact.position, contact.id) <= (one.position, one.id)
     where one.id = $1 and one.home = $2`,
    [contact, homeOf(alarm)],
    'contact-position',
  )
  return row?.position ?? 0
}

const recordDefect = (
  tx: Transaction,
  alarm: AlarmRecord,
  run: PlanRun,
  who: PersonActor,
  act: Act,
): Promise<unknown> =>
  tx.query(
    `insert into plan_defect (centre, alarm, home, type, run, reason, at, person, person_name)
     values ($1, $2, $3, $4, $5, $6, to_timestamp($7::double precision / 1000), $8, $9)`,
    [
      alarm.centre,
      alarm.id,
      alarm.home,
      alarm.type,
      JSON.stringify(run),
      run.manual?.reason ?? '',
      act.at,
      who.person,
      who.name,
    ],
  )
