import { Model } from './alarm.model.ts'
import { type Judged, Machines, NOTHING } from './machines.ts'
import { isHeld } from './rules.ts'
import { seenOfModel } from './seen.ts'
import { ACTS, type History, PEOPLE, type Step, type Work } from './steps.ts'
import type { Tally } from './tally.ts'
import type { Act, Alarm, Told } from './words.ts'

/** Without an alarm nobody can do anything. */
const FIRST: Work = {
  is: 'told',
  count: 1,
  everyMs: 0,
  lateMs: 5,
  graveness: 'as ever',
  ended: 'none',
  test: false,
  overtakenBy: 0,
}
const T0 = Date.parse('2026-01-01T00:00:00.000Z')
const RENEW: Act = { act: 'renew' }

const deadlinesOf = (alarm: Alarm): number[] => [
  ...(isHeld(alarm) || alarm.handling === 'parked' ? [alarm.until] : []),
  ...(alarm.offer ? [alarm.offer.until] : []),
  ...(alarm.closedAt === null ? [] : [alarm.closedAt + 60_000]),
  ...(Number.isFinite(alarm.realertedAt) ? [alarm.realertedAt + 10_000] : []),
]

/** One transaction: what it is about is settled when it begins, and not by what happens until it is judged again. */
interface Begun {
  readonly judged: (now: number) => Judged
  /** The same, to the rules: the refusal, or nothing. */
  readonly byRules: (now: number) => string
}

/** Plays a history to the machines and to the model at once; what differs after a step, or nothing. */
export function played(history: History, tally: Tally): string | undefined {
  const played = new Played(history.graveness, tally)
  for (const [index, step] of [FIRST, ...history.steps].entries()) {
    const wrong = played.step(step)
    if (wrong) return [`after step ${index}, ${JSON.stringify(step)}, ${wrong[0]}`, ...wrong.slice(1)].join('\n')
  }
  played.ends()
  return undefined
}

class Played {
  readonly #model = new Model()
  readonly #machines = new Machines()
  readonly #graveness: History['graveness']
  readonly #tally: Tally
  readonly #wrong: string[] = []
  #now = T0
  #said = 0

  constructor(graveness: History['graveness'], tally: Tally) {
    this.#graveness = graveness
    this.#tally = tally
  }

  step(step: Step): string[] | undefined {
    this.#plays(step)
    const [now, machines] = [this.#now, this.#machines]
    const expected = JSON.stringify(this.#model.alarms.map((alarm) => seenOfModel(alarm, now)))
    const found = JSON.stringify(machines.seen(now))
    const wrong = [...this.#wrong, ...machines.wrong]
    if (expected === found && wrong.length === 0) return undefined
    return [`at +${now - T0} ms:`, `by the rules ${expected}`, `the machines ${found}`, ...wrong]
  }

  ends(): void {
    const { alarms } = this.#model
    for (const alarm of alarms) this.#tally.add(`ended ${alarm.handling}`)
    if (alarms.some(({ stuck }) => stuck)) this.#tally.add('stuck')
    if (alarms.some(({ quiet }) => quiet > 0)) this.#tally.add('quiet')
  }

  #plays(step: Step): void {
    switch (step.is) {
      case 'lost':
        return this.#loses(step)
      case 'raced':
        return this.#races(step)
      case 'passed':
        this.#now += step.ms
        return
      case 'deadline': {
        const all = this.#model.alarms.flatMap(deadlinesOf)
        const deadline = all[step.nth % all.length]
        if (deadline !== undefined) this.#now = Math.max(this.#now, deadline + step.ms)
        return
      }
      case 'kept':
        return this.#keeps(step.ms)
      default:
        this.#alone(this.#begins(step))
    }
  }

  #alone({ judged, byRules }: Begun): void {
    this.#commits(judged(this.#now), byRules)
  }
  /** Nothing stands in its way. */
  #commits(judged: Judged, byRules: Begun['byRules']): void {
    if (!this.#machines.commits(judged)) this.#wrong.push('judged by what stood there, and not committed')
    const refused = byRules(this.#now)
    if (refused !== judged.refused) this.#wrong.push(`refused: ${judged.refused}; by the rules: ${refused}`)
  }

  /** Of what was lost there is no trace: not in an alarm, and not in what is judged after it. */
  #loses({ work, again, ms }: Extract<Step, { is: 'lost' }>): void {
    const begun = this.#begins(work)
    begun.judged(this.#now)
    this.#now += ms
    if (again) this.#alone(begun)
    this.#tally.add(again ? 'lost: handled again' : 'lost: for good')
  }

  #races({ first, second, due, ms }: Extract<Step, { is: 'raced' }>): void {
    const next = this.#model.alarms.flatMap(deadlinesOf).filter((at) => at > this.#now)
    if (due && next.length > 0) this.#now = Math.min(...next)
    const [one, other] = [this.#begins(first), this.#begins(second)]
    const [before, judged] = [one.judged(this.#now), other.judged(this.#now)]
    this.#commits(before, one.byRules)
    if (this.#machines.commits(judged)) {
      // It had read nothing of what the first one wrote.
      const refused = other.byRules(this.#now)
      if (refused !== judged.refused) this.#wrong.push(`refused: ${judged.refused}; by the rules: ${refused}`)
      this.#tally.add('raced: in nobody’s way')
      this.#now += ms
      return
    }
    this.#now += ms
    const again = other.judged(this.#now)
    this.#commits(again, other.byRules)
    this.#tally.add(`raced: ${first.is}, ${second.is}`)
    if (judged.inLine) this.#tally.add('raced: in line, and too late')
    if (again.refused && !judged.refused) this.#tally.add('raced: refused only then')
  }

  #keeps(ms: number): void {
    const alarm = this.#model.alarms.at(-1)
    if (!alarm?.owner || !alarm.offer) return
    const { owner, fence, offer } = alarm
    const until = offer.until + ms
    while (this.#now < until) {
      this.#now = Math.min(until, this.#now + 59_000)
      this.#alone(this.#asks(alarm, owner, RENEW, fence))
    }
    if (isHeld(alarm) && ms >= 0 && seenOfModel(alarm, this.#now).offer === null) this.#tally.add('an offer was over')
  }

  #begins(work: Work): Begun {
    if (work.is === 'told') return this.#tells(work)
    if (work.is === 'worked off') return { judged: (now) => this.#machines.deadlines(now), byRules: () => '' }
    const alarm = this.#model.alarms.at(-1 - work.nth)
    const [who, said] = [PEOPLE[work.who], ACTS[work.act]]
    if (!alarm || !who || !said) return { judged: () => NOTHING, byRules: () => '' }
    return this.#asks(alarm, who, said, alarm.fence - work.back)
  }

  #asks(alarm: Alarm, who: (typeof PEOPLE)[number], said: Act, token: number): Begun {
    const nth = this.#model.alarms.indexOf(alarm)
    return {
      judged: (now) => this.#machines.does(nth, who, said, token, now),
      byRules: (now) => {
        const from = isHeld(alarm) ? alarm.owner?.session : undefined
        const refused = this.#model.does(alarm, who, said, token, now)
        this.#tally.add(`${said.act}: ${refused || 'done'}`)
        if (said.act === 'claim' && isHeld(alarm) && from !== undefined && from !== alarm.owner?.session)
          this.#tally.add('claim: taken on')
        return refused
      },
    }
  }

  #tells(work: Extract<Work, { is: 'told' }>): Begun {
    const [begun, said] = [this.#now, this.#said]
    this.#said += work.count
    const all = (now: number) =>
      Array.from({ length: work.count }, (_, nth): Told => {
        const heardAt = begun - work.lateMs - (work.count - 1 - nth) * work.everyMs
        return {
          graveness: work.graveness === 'as ever' ? this.#graveness : work.graveness,
          ended: work.ended === 'all' || (work.ended === 'every other' && nth % 2 === 0),
          occurredAt: heardAt - 3,
          heardAt,
          // Whoever sends it once more says how long it has waited by then.
          ageMs: work.lateMs + now - begun,
          test: work.test,
          nth: said + 1 + nth - (work.overtakenBy && work.overtakenBy + 0.5),
        }
      })
    return {
      judged: (now) => this.#machines.tells(all(now), now),
      byRules: (now) => {
        for (const told of all(now)) this.#model.tells(told, now)
        return ''
      },
    }
  }
}
