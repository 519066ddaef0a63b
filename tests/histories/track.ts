import type { Track as TrackName, TrackPolicy } from '@anju/contract/api'
import { IS_IT_REAL } from '../../server/src/domain/escalation/standard.ts'
import type { Around } from './around.ts'
import { hasAnswered, isAccepted, isLost, isStalled, LADDERED, latest, mayHaveLeft, type Row, whoOf } from './rows.ts'
import {
  type Asked,
  type Before,
  between,
  clockFrom,
  isHandled,
  isPending,
  mayWakeOffDuty,
  type Place,
  placeIn,
  reachedNobody,
  wavePeople,
} from './rules.ts'

/** A step may be a second late. */
const graceMs = 1_000
/** What becomes of one alarm of a home is seen by the others at their next look. */
const homeLooksMs = 10_000
/** After the last step, who is off duty has so long to answer. */
const offDutyS = 60
const roundsMax = 30
const NOBODY: ReadonlySet<string> = new Set()

/**
 * One track of one alarm, by its policy and the ledger's rows alone: when somebody must be asked next, who was told to go, and
 * who has to hear that they need not.
 */
export class Track {
  readonly name: TrackName
  #policy: TrackPolicy
  /** The alarm's class by whose policy it goes. */
  classThen: unknown
  readonly rows = new Map<string, Row>()
  /** How often a queue was passed by because nobody looked at it. */
  passedBy = 0
  #alarm: Row
  #becameAt: number
  #insertedAt: number
  readonly #around: Around
  #freeSince: number | null = null
  #acceptedUntil = Number.NEGATIVE_INFINITY
  #acceptEnd = Number.NEGATIVE_INFINITY
  #last: Asked | null = null
  #lastEver: Asked | null = null
  #settledAt: number | null = null
  #pauseUntil = Number.NEGATIVE_INFINITY
  /** Until when somebody goes to the home for another of its alarms, and since when that is so. */
  #home = { until: Number.NEGATIVE_INFINITY, since: Number.NEGATIVE_INFINITY }
  /** When its own row was written last: somebody has looked at it then, or is about to. */
  #lookedAt = Number.NEGATIVE_INFINITY
  readonly #writtenAt = new Map<string, number>()
  /** How it stood when somebody took it; null while nobody has it. */
  #before: Before | null = null
  /** Rows whose person has been told since that they need not. */
  readonly #ended = new Set<string>()
  /** Rows that did not leave and will not soon: tried again for as long as it is of use, and nobody waits for them. */
  readonly #stalled = new Set<string>()

  /** `before`: rows that were there when it began. Somebody may go by the app although nobody was asked yet. */
  constructor(name: TrackName, policy: TrackPolicy, alarm: Row, at: number, around: Around, before: readonly Row[]) {
    this.name = name
    this.#policy = policy
    this.classThen = alarm['class']
    this.#alarm = alarm
    this.#becameAt = at
    this.#insertedAt = at
    this.#around = around
    for (const row of before) this.rows.set(String(row['id']), row)
    this.looks(at)
  }

  /** As it was given; what happens in a test is asked about instead. */
  get policy(): TrackPolicy {
    return this.#policy
  }
  get #now(): TrackPolicy {
    return this.name === 'long-lie' && this.alarm['test'] === true ? IS_IT_REAL : this.#policy
  }
  /** It goes on by a graver policy, from its first step. */
  rises(policy: TrackPolicy, at: number): void {
    this.#policy = policy
    this.classThen = this.alarm['class']
    this.#insertedAt = at
    this.#last = null
    this.#lastEver = null
    this.looks(at)
  }

  get alarm(): Row {
    return this.#alarm
  }
  /** What is asked in earnest from here on does not shorten the pause it is in. */
  becomes(alarm: Row, now: number): void {
    this.#becameAt = now
    if (this.alarm['test'] === true && alarm['test'] === false)
      this.#pauseUntil = this.dueAt(now) ?? now + this.#now.repeatAfterS * 1_000
    this.#alarm = alarm
  }

  /** How things stand now; to be called before and after whatever is written. */
  looks(now: number): void {
    if (this.#acceptedUntil <= now) this.#acceptEnd = Math.max(this.#acceptEnd, this.#acceptedUntil)
    const unasked = this.isOfTheHome ? this.#unasked() : []
    const homeUntil = latest([...this.#others().flatMap((other) => other.going()), ...unasked])
    if (homeUntil !== this.#home.until) this.#home = { until: homeUntil, since: now }
    const until = Math.max(homeUntil, this.#ownUntil())
    if (until <= now && this.#acceptedUntil > now) this.#acceptEnd = now
    this.#acceptedUntil = until
    const handled = this.#isHandled()
    const quiet = handled || until > now
    if (quiet && this.#before === null)
      this.#before = {
        at: now,
        freeSince: this.#freeSince,
        acceptEnd: this.#acceptEnd,
        last: this.#last,
        byHome: this.#isByHome(now),
      }
    if (handled) this.#freeSince = null
    else this.#freeSince ??= now
    if (quiet) this.#last = null
    else if (this.#before !== null) this.#resumes(this.#before, now)
    if (this.#last === null) return
    const people = wavePeople(this.#asking(), this.#last)
    if (!people.some((rows) => isPending(rows, this.#stalled))) this.#settledAt ??= now
    else if (!this.#hasGoneOn(now)) this.#settledAt = null
  }

  #ownUntil = (): number => latest(this.#asking().filter((row) => isAccepted(row) && !this.#isOvertaken(row)))
  /** It is quiet for what somebody said of another alarm alone. */
  #isByHome = (now: number): boolean => !this.#isHandled() && this.#ownUntil() <= now && this.#home.until > now

  /** What leaves after all, or is answered, does not bring back the wave after which the next one had its turn already. */
  #hasGoneOn = (now: number): boolean =>
    this.#settledAt !== null && now > this.#around.servedFrom(this.#settledAt) + graceMs

  /** It has happened again since: what somebody of the centre said they would see to was what had happened until then. */
  #isOvertaken = (row: Row): boolean =>
    this.name === 'centre' &&
    this.alarm['stuck'] !== true &&
    Number(row['accepted_at']) < Number(this.alarm['realerted_at'] ?? Number.NEGATIVE_INFINITY)

  /** Taken and given back before somebody looked: whoever looks after that sees that nothing has happened. */
  #resumes(before: Before, now: number): void {
    this.#before = null
    const unseen = before.at === now || (before.byHome && this.#lookedAt <= before.at)
    if (!unseen || before.freeSince === null) return
    this.#freeSince = before.freeSince
    this.#acceptEnd = before.acceptEnd
    this.#last = this.#lastEver !== null && this.#lastEver.at >= before.at ? this.#lastEver : before.last
  }

  #isHandled = (): boolean => this.isContacted || isHandled(this.name, this.alarm, this.#policy)
  isQuiet = (now: number): boolean => this.#freeSince === null || this.#acceptedUntil > now
  /** The long-lie clock ends when somebody has been reached. */
  get isContacted(): boolean {
    return this.name === 'long-lie' && this.alarm['l5'] !== null
  }
  isAccepted = (now: number): boolean => this.#acceptedUntil > now

  /** When somebody must have been asked next; null: nobody has to be. */
  dueAt(now: number): number | null {
    if (this.isQuiet(now) || this.#freeSince === null) return null
    const { startAfterS, repeatAfterS, steps } = this.#now
    let at: number
    let from = { step: 0, wave: 0 }
    let declined = NOBODY
    const last = this.#last
    if (last) {
      const people = wavePeople(this.#asking(), last)
      at = Math.min(
        last.at + (last.step < steps.length ? (steps[last.step]?.waves[last.wave]?.timeoutS ?? 0) : offDutyS) * 1_000,
        this.#settledAt ?? Number.POSITIVE_INFINITY,
      )
      from = people.every(hasAnswered) ? { step: last.step + 1, wave: 0 } : { step: last.step, wave: last.wave + 1 }
      declined = new Set(
        this.#asking()
          .filter((row) => row['round'] === last.round && row['step'] === last.step && row['state'] === 'declined')
          .map(whoOf),
      )
    } else {
      at = Math.max(
        this.#freeSince,
        this.#acceptEnd,
        this.#insertedAt,
        clockFrom(this.name, this.alarm) + startAfterS * 1_000,
      )
      // The family goes on where it was, or after it; the people of the centre begin again.
      if (this.#lastEver && this.name !== 'centre') from = { step: this.#lastEver.step + 1, wave: 0 }
    }
    for (
      let round = 0;
      round < roundsMax;
      // A round whose time comes while no server is there begins when one is, and the pause after it with it.
      round++, at = this.#around.servedFrom(at + repeatAfterS * 1_000), from = { step: 0, wave: 0 }, declined = NOBODY
    ) {
      const served = this.#around.servedFrom(at)
      for (let step = from.step; step < steps.length; step++)
        for (const wave of steps[step]?.waves.keys() ?? []) {
          if (step === from.step && wave < from.wave) continue
          if (this.#isSomebody({ step, wave }, served, step === last?.step ? declined : NOBODY))
            return Math.max(at, this.#pauseUntil, this.#home.since + homeLooksMs)
        }
      const wakes = round === 0 ? this.#wakesOffDuty(last, served) : mayWakeOffDuty(this.name, this.alarm)
      if (wakes && this.#around.reach.offDuty(served).length > 0) return Math.max(at, this.#pauseUntil)
    }
    return null
  }
  /** Whom this wave would ask at that moment is somebody, for certain. */
  #isSomebody(place: Place, at: number, but: ReadonlySet<string>): boolean {
    const isTest = this.alarm['test'] === true && this.name !== 'long-lie'
    const { targets, channels } = placeIn(this.#now, place, isTest)
    return this.#around.reach.finds(String(this.alarm['home']), targets, channels, at, but)
  }
  /** Of the centre's steps none is left out that would have reached somebody: no queue is passed by that is watched. */
  #leftOut(asked: Asked): string[] {
    if (this.name !== 'centre') return []
    const before = this.#lastEver?.round === asked.round ? this.#lastEver : null
    const places = between(this.#now, before, asked)
    this.passedBy += places.filter(({ step }) => this.#isUnwatched(step, asked.at)).length
    return places
      .filter((place) => this.#isSomebody(place, asked.at, NOBODY))
      .map(({ step, wave }) => `step ${step}.${wave} was left out, and would have reached somebody`)
  }

  #isUnwatched = (step: number, at: number): boolean =>
    this.#now.steps[step]?.targets.some(({ to }) => to === 'queue') === true &&
    !this.#around.reach.mayBeWatched(String(this.alarm['centre']), at)

  /** The round that it is in has certainly reached nobody. */
  #wakesOffDuty(last: Asked | null, at: number): boolean {
    if (!mayWakeOffDuty(this.name, this.alarm)) return false
    if (last === null) return this.name === 'centre' || this.#lastEver === null
    return reachedNobody(this.name, this.#now, last, this.#asking(), at)
  }

  isLate(now: number): number | null {
    const due = this.dueAt(now)
    return due !== null && now > this.#around.servedFrom(due) + graceMs ? due : null
  }

  /** What leaves with the alarm leaves, however quick the claim. */
  isFirst = (row: Row): boolean =>
    this.policy.startAfterS === 0 && row['round'] === 0 && row['step'] === 0 && row['wave'] === 0

  /** A row of this track, new or changed. What is wrong about it, in words. */
  writes(row: Row, fresh: boolean, at: number, xact: string): string[] {
    const wrong: string[] = []
    const id = String(row['id'])
    const before = this.rows.get(id)
    if (fresh && row['purpose'] === 'alarm' && row['address'] !== 'app') {
      if (this.isQuiet(at) && !this.isFirst(row) && !(this.#isByHome(at) && this.#home.since === at))
        wrong.push(`asked ${whoOf(row)} by ${String(row['channel'])} although somebody has it`)
      const { round, step, wave } = row as Record<string, number>
      const asked = { round: round ?? 0, step: step ?? 0, wave: wave ?? 0, at, xact }
      if (this.#last?.xact !== xact || this.#last.step !== step || this.#last.wave !== wave) {
        wrong.push(...this.#leftOut(asked))
        this.#last = asked
        this.#lastEver = asked
        this.#settledAt = null
        this.#pauseUntil = Number.NEGATIVE_INFINITY
      }
    }
    if (fresh && row['purpose'] === 'stand-down') wrong.push(...this.#standsDown(row, at))
    // Who goes after having been told that they need not is to be told again.
    if (row['state'] === 'accepted' && before?.['accepted_until'] !== row['accepted_until']) this.#ended.delete(id)
    // It left only now, perhaps, from a server that stood still with it.
    if (before?.['state'] === 'unknown' && row['state'] === 'sent' && row['stood_down'] === false)
      this.#ended.delete(id)
    if (isStalled(row, at)) this.#stalled.add(id)
    else this.#stalled.delete(id)
    this.rows.set(id, row)
    this.#writtenAt.set(id, at)
    return wrong
  }
  looked(at: number): void {
    this.#lookedAt = at
  }

  /** For life or hazard, and in earnest: who goes because of it goes to the home. */
  get isOfTheHome(): boolean {
    return this.name === 'family' && LADDERED.includes(String(this.alarm['class'])) && this.alarm['test'] !== true
  }
  #others = (): readonly Track[] => (this.isOfTheHome ? this.#elsewhere().filter((other) => other.isOfTheHome) : [])
  #elsewhere = (): readonly Track[] =>
    this.#around.families(String(this.#alarm['home'])).filter((other) => other !== this)
  /** Who said that they go, and was not told to stay since; `before`: not only at this moment. */
  going = (before = Number.POSITIVE_INFINITY): Row[] =>
    this.#asking().filter((row) => isAccepted(row) && row['stood_down'] !== true && this.#is(row, before))
  #is = (row: Row, before: number): boolean => (this.#writtenAt.get(String(row['id'])) ?? 0) < before
  /** Told to go or about to be, and neither told to stay nor declined. */
  asks = (who: string, before: number): boolean =>
    this.#becameAt < before &&
    this.#asking().some(
      (row) =>
        whoOf(row) === who &&
        row['state'] !== 'declined' &&
        !this.#ended.has(String(row['id'])) &&
        this.#is(row, before) &&
        (this.#isOwed(row) || row['sending'] === true || (row['state'] === 'queued' && row['due_at'] !== null)),
    )
  #goesThere = (who: string, before = Number.POSITIVE_INFINITY): boolean =>
    this.name === 'family' &&
    [
      ...this.#around
        .families(String(this.#alarm['home']))
        .flatMap((one) => (one.isOfTheHome ? one.going(before) : [])),
      ...this.#unasked().filter((row) => Number(row['accepted_at']) < before),
    ].some((row) => whoOf(row) === who)
  #unasked = (): readonly Row[] => this.#around.goingUnasked(String(this.#alarm['home']))
  /** Another alarm of the home wants them. What was written at the moment `before` may not have been seen, or not yet. */
  #isWanted = (who: string, now: number, before = Number.POSITIVE_INFINITY): boolean =>
    this.name === 'family' &&
    this.#elsewhere()
      .filter((other) => other.isOfTheHome && !other.isOver(now) && other.#becameAt < before)
      .some((other) => other.asks(who, before) || this.#goesThere(who, before))

  /** To be told to stay by now, and not told. */
  untold(now: number): string[] {
    const over = this.isOver(now)
    const quiet = this.alarm['handling'] !== 'closed' && (this.#ownUntil() > now || this.isContacted)
    return this.owed().filter((who) => {
      const isLeft = over || !this.isOfTheHome ? this.#isWanted(who, now) : false
      if (isLeft || !(over || (quiet && !this.hasAccepted(who) && !this.#goesThere(who)))) return false
      return !this.#elsewhere().some((other) => other.hasChanged(who, now))
    })
  }
  /** Whether it may have wanted them until then: whoever looked before that looks again. */
  hasChanged(who: string, now: number): boolean {
    const since = now - homeLooksMs
    if (this.#becameAt >= since || (this.isOver(now) && !this.isOver(since))) return true
    return this.#asking().some((row) => whoOf(row) === who && !this.#is(row, since))
  }

  /** Who was told to go, or may have been, and not to stay since then. */
  owed(): string[] {
    return [
      ...new Set(
        this.#asking()
          .filter((row) => this.#isOwed(row))
          .map(whoOf),
      ),
    ]
  }
  hasAccepted = (who: string): boolean => this.#asking().some((row) => whoOf(row) === who && isAccepted(row))
  #isOwed = (row: Row): boolean =>
    row['channel'] !== 'console' && !this.#ended.has(String(row['id'])) && mayHaveLeft(row)

  #standsDown(row: Row, at: number): string[] {
    const who = whoOf(row)
    const own = this.#asking().filter((one) => whoOf(one) === who)
    const wrong: string[] = []
    const isOver = this.isOver(at)
    if (isOver ? this.#isWanted(who, at, at) : this.#goesThere(who, at))
      wrong.push(`${who} is told to stay whom another alarm of the home wants`)
    const goes = this.alarm['handling'] !== 'closed' && (this.isAccepted(at) || this.#home.since === at)
    if (!isOver && !this.isContacted && !goes)
      wrong.push(`${who} is told to stay although nobody else goes and it is not over`)
    const before = this.standDowns(who)
    const isPassedOn = before.length > 0 && before.every(isLost) && before[0]?.['round'] === row['round']
    if (isPassedOn && before.some((one) => one['channel'] === row['channel'] && one['address'] === row['address']))
      wrong.push(`${who} is told to stay twice by the same ${String(row['channel'])}, which was lost`)
    if (!isPassedOn && !own.some((one) => one['sending'] === true || this.#isOwed(one)))
      wrong.push(`${who} is told to stay who was not told to go since they were last told to stay`)
    // What has not left by now must not leave any more, and is not covered by this.
    for (const one of own) if (one['sending'] === true || one['state'] !== 'queued') this.#ended.add(String(one['id']))
    return wrong
  }

  /** What told somebody to stay the last time, on however many ways. */
  standDowns(who: string): Row[] {
    const all = [...this.rows.values()].filter((row) => row['purpose'] === 'stand-down' && whoOf(row) === who)
    const latest = Math.max(...all.map((row) => Number(row['round'])))
    return all.filter((row) => row['round'] === latest)
  }

  /** Closed, and the minute in which that can be undone is over. */
  isOver(now: number): boolean {
    const { handling, closed_at: closedAt, person } = this.alarm
    return handling === 'closed' && (person === null || now >= Number(closedAt) + 60_000)
  }

  /** What would still be sent on its own, although somebody has it. */
  waiting(now: number): Row[] {
    if (!this.isQuiet(now) || (this.#isByHome(now) && this.#lookedAt <= this.#home.since)) return []
    return this.#asking().filter(
      (row) =>
        !this.isFirst(row) &&
        row['due_at'] !== null &&
        row['sending'] !== true &&
        ['queued', 'unknown'].includes(String(row['state'])),
    )
  }

  #asking = (): Row[] => [...this.rows.values()].filter((row) => row['purpose'] === 'alarm')
}
