import { type AlarmId, DomainError, type ErrorCode, formatInstant, type Instant, type Rung } from '@anju/contract'
import type { AlarmCommandAnswer, RevealAnswer } from '@anju/contract/api'
import { type Once, once } from '../database/idempotency.ts'
import { handle } from '../domain/handling.ts'
import type { Claimant } from '../domain/lease.ts'
import type { Escalations } from '../escalation/ports.ts'
import type { Handovers } from '../plans/handovers.ts'
import type { PlanRuns } from '../plans/runs.ts'
import type { Database, Downlink, LiveLog, PersonActor, Transaction } from '../ports.ts'
import type { PeopleAround } from '../roster/ports.ts'
import { applied, entriesOf, reachedBy } from './apply.ts'
import { checked } from './check.ts'
import type { Command } from './command.ts'
import { homeFacts } from './home-facts.ts'
import { wayIn } from './queries.ts'
import type { AlarmRecord } from './record.ts'
import { lockAlarm, tell, updateAlarms } from './repository.ts'
import { append, toldOn } from './tell-consoles.ts'
import { viewOf } from './view.ts'

export type { Command }

export interface AlarmService {
  /** @throws DomainError `alarm-unknown`, `claimed-by-other` (with `owner`), `lease-stale`, `alarm-closed`, … */
  command(actor: PersonActor, id: AlarmId, command: Command, key?: Once): Promise<AlarmCommandAnswer>
  /**
   * How one gets in, for whoever holds it. Under no key: each answer is a look of its own, and what it says is kept nowhere.
   * @throws DomainError `lease-stale`; `transition-refused` when nobody wrote down a way in.
   */
  reveal(actor: PersonActor, id: AlarmId, lease: number): Promise<RevealAnswer>
  /** A live console has painted it (L3). Only the first counts; the others cost nothing. */
  shown(actor: PersonActor, id: AlarmId, console: string): Promise<void>
}

export interface ServiceOptions {
  readonly database: Database
  readonly live: LiveLog
  readonly downlink: Downlink
  readonly escalations: Pick<Escalations, 'became'>
  readonly plans: Pick<PlanRuns, 'follow'>
  readonly handovers: Pick<Handovers, 'follow'>
  readonly around: Pick<PeopleAround, 'called' | 'goes'>
}

/** Lock, read the time, decide, save, tell: one transaction a command. */
export function createAlarmService(options: ServiceOptions): AlarmService {
  const { database, live, downlink, escalations, plans, handovers, around } = options
  const shown = new RecentlyShown()

  async function apply(
    tx: Transaction,
    actor: PersonActor,
    id: AlarmId,
    command: Command,
  ): Promise<AlarmCommandAnswer> {
    const before = await lockFor(tx, id)
    // After the lock: while we waited for it, a lease may have run out.
    const facts = await homeFacts(tx, [before])
    const said = await checked(tx, before, command, actor, around)
    const by: Claimant = { person: actor.person, name: actor.name, session: actor.session }
    const decision = handle(before.case, { ...said, by, now: facts.now })
    if ('refused' in decision) throw refusal(decision.refused, decision.owner)
    const act = { by: actor.name, at: facts.now }
    await plans.follow(tx, before, command, actor, act)
    const handover = await handovers.follow(tx, before, command, actor, facts.now)
    const after = applied(before, decision, facts.now)
    const entries = entriesOf(decision.effects, after, facts.now)
    updateAlarms(tx, [after])
    tell(tx, entries)
    const alarm = viewOf(after, facts.of(after), actor.centre)
    const cause = entries.at(-1)?.kind
    // A renewal is nobody else's news.
    if (cause) {
      escalations.became(tx, before, after)
      append(tx, live, toldOn(after, { cause }, facts))
    }
    const reached = reachedBy(before, after)
    tx.afterCommit(() => tellHome(downlink, after, reached, actor.name, facts.now))
    const { handling } = after.case
    const mine = 'lease' in handling && handling.lease.by.session === actor.session ? handling.lease : undefined
    return {
      alarm,
      lease: mine ? { token: String(mine.token), expiresAt: formatInstant(mine.until) } : null,
      ...(handover ? { handover } : {}),
    }
  }

  return {
    command: (actor, id, command, key) =>
      database.transaction(actor, (tx) => once(tx, key, () => apply(tx, actor, id, command)), 'by-key'),

    reveal: (actor, id, lease) =>
      database.transaction(
        actor,
        async (tx) => {
          const answer = await apply(tx, actor, id, { type: 'reveal', lease })
          return { ...answer, access: await wayIn(tx, answer.alarm) }
        },
        'by-key',
      ),

    async shown(actor, id, console) {
      if (shown.has(id)) return
      await database.transaction(
        actor,
        async (tx) => {
          const before = await lockFor(tx, id)
          if (before.ladder.L3 !== null) {
            // It is not asked again: done when the disk has it, whoever wrote it, and in the way of no other console until then.
            tx.unlocksEarly()
            return
          }
          const facts = await homeFacts(tx, [before])
          const after: AlarmRecord = {
            ...before,
            version: before.version + 1,
            ladder: { ...before.ladder, L3: facts.now },
          }
          updateAlarms(tx, [after])
          const by = { person: actor.person, name: actor.name }
          tell(tx, [{ alarm: after, at: facts.now, kind: 'shown', by, text: null, detail: { console } }])
          append(tx, live, toldOn(after, { cause: 'shown' }, facts))
          tx.afterCommit(() => tellHome(downlink, after, ['L3'], undefined, facts.now))
        },
        'by-key',
      )
      shown.add(id)
    },
  }
}

/**
 * The alarm, locked, for whoever may see it. One that two centres see is told on the streams of both, and written with the rows
 * of the one it belongs to: from here on the transaction is the server's own.
 */
async function lockFor(tx: Transaction, id: AlarmId): Promise<AlarmRecord> {
  const alarm = await lockAlarm(tx, id)
  if (!alarm) throw new DomainError('alarm-unknown', 'there is no such alarm', { id })
  if (alarm.alsoCentres.length > 0) await tx.query(`select set_config('anju.part', 'handed-on', true)`)
  return alarm
}

/** "Li Na is answering": said in the home as soon as it is true, best effort. */
export function tellHome(
  downlink: Downlink,
  alarm: AlarmRecord,
  rungs: readonly Rung[],
  by: string | undefined,
  at: Instant,
): void {
  const { gateway, event } = alarm
  if (!gateway || !event) return
  for (const rung of rungs)
    downlink.send(gateway, 'handling', { event, rung, ...(by ? { by } : {}), at: formatInstant(at) })
}

const SENTENCES: Partial<Record<ErrorCode, string>> = {
  'claimed-by-other': 'somebody else has taken it',
  'lease-stale': 'you do not hold this alarm any more',
  'alarm-closed': 'this alarm is closed',
  'alarm-not-closed': 'this alarm is not closed',
  'undo-expired': 'the minute in which a close can be undone is over',
  forbidden: 'only who closed it can undo that',
  'transition-refused': 'this alarm is not offered to you',
}

export function refusal(code: ErrorCode, owner: Claimant | null): DomainError {
  return new DomainError(code, SENTENCES[code] ?? code, {
    owner: owner && { personId: owner.person, name: owner.name, session: owner.session },
  })
}

/** Two hundred consoles paint the same alarm in the same second; one transaction is enough. */
class RecentlyShown {
  readonly #ids = new Set<AlarmId>()
  static readonly #idsMax = 10_000

  has(id: AlarmId): boolean {
    return this.#ids.has(id)
  }

  add(id: AlarmId): void {
    const [oldest] = this.#ids
    if (this.#ids.size >= RecentlyShown.#idsMax && oldest) this.#ids.delete(oldest)
    this.#ids.add(id)
  }
}
