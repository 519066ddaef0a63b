import { occurred } from './occurrence.ts'
import { done, ended, passed, refusal } from './rules.ts'
import { type Act, type Alarm, type Change, type Told, unborn, type Who } from './words.ts'

const GRAVENESS = ['life', 'hazard', 'technical']
/** What was once said to be graver is so from then on. */
const graver = (a: Alarm, said: string): Change =>
  GRAVENESS.indexOf(said) < GRAVENESS.indexOf(a.graveness) ? { graveness: said } : {}
const becomes = (alarm: Alarm, change: Change): Alarm => Object.assign(alarm, change)

/** The alarms of one place, one after the other: what is said and done there, and which of them it is about. Rules 1, 6 and 12. */
export class Model {
  /** In the order they began; each is itself as long as it is looked at. */
  readonly alarms: Alarm[] = []
  /** The last end that was said, whether or not something was open then. */
  #lastEnd: Told | null = null

  /** The answer is the refusal, or nothing. */
  does(alarm: Alarm, by: Who, said: Act, token: number, now: number): string {
    this.passes(alarm, now)
    const hasBegunAgain = this.#open(alarm.kind) !== undefined
    const asked = { said, by, token, now, hasBegunAgain }
    const refused = refusal(alarm, asked)
    if (!refused) becomes(alarm, done(alarm, asked))
    return refused
  }
  passes(alarm: Alarm, now: number): void {
    becomes(alarm, passed(alarm, now))
  }

  tells(told: Told, now: number): void {
    if (told.graveness === 'info') return
    const open = this.#open('the thing')
    if (told.ended) return this.#ends(open, told, now)
    const alarm = open ?? this.#begins('the thing', told.graveness, told.ageMs)
    becomes(alarm, graver(alarm, told.graveness))
    const { condition, stuck } = alarm
    this.#occurs(alarm, told, now)
    // Rule 6: what was said before its end and comes after it counts, and turns nothing.
    const isOver = this.#lastEnd !== null && told.nth < this.#lastEnd.nth && told.heardAt <= this.#lastEnd.heardAt
    if (isOver) becomes(alarm, open ? { condition } : ended(alarm, now))
    if (stuck || !alarm.stuck || this.#open('its button')) return
    const { lastAt: occurredAt, test } = alarm
    this.#occurs(this.#begins('its button', 'technical', 0), { ...told, occurredAt, heardAt: now, test }, now)
  }
  /** Rule 6: what has begun again since is not ended by it. */
  #ends(alarm: Alarm | undefined, told: Told, now: number): void {
    if (this.#lastEnd === null || this.#lastEnd.nth < told.nth) this.#lastEnd = told
    if (!alarm || told.nth < alarm.begun) return
    becomes(alarm, graver(alarm, told.graveness))
    this.passes(alarm, now)
    becomes(alarm, ended(alarm, now))
  }
  #occurs(alarm: Alarm, told: Told, now: number): void {
    this.passes(alarm, now)
    becomes(alarm, occurred(alarm, told, now))
  }

  #begins(kind: Alarm['kind'], graveness: string, ageMs: number): Alarm {
    const alarm = unborn(kind, graveness, ageMs)
    this.alarms.push(alarm)
    return alarm
  }
  /** An episode has one open alarm. */
  #open = (kind: Alarm['kind']): Alarm | undefined =>
    this.alarms.find((alarm) => alarm.kind === kind && alarm.handling !== 'closed')
}
