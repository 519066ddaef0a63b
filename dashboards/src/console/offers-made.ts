import type { Alarm, Offer } from '@anju/contract/api'

/** What became of an alarm that this seat offered to a colleague. */
export interface OfferOutcome {
  readonly alarm: Alarm
  readonly to: string
  readonly is: 'accepted' | 'declined' | 'over'
  /** By the page's clock. */
  readonly at: number
}

interface Clocks {
  readonly now: number
  readonly serverNow: number
}

/** What this seat offers to colleagues, and what came of it: read off the alarm itself, whichever way its news came. */
export class OffersMade {
  readonly #waiting = new Map<string, Offer>()
  readonly #withdrawing = new Set<string>()
  readonly #outcomes = new Map<string, OfferOutcome>()

  /** An alarm as it is now. Returns what became of its offer, once. */
  heard(alarm: Alarm, session: string, { now, serverNow }: Clocks): OfferOutcome | undefined {
    const mine = alarm.owner?.session === session
    if (mine && alarm.offer) {
      this.#waiting.set(alarm.id, alarm.offer)
      this.#outcomes.delete(alarm.id)
      return undefined
    }
    const offer = this.#waiting.get(alarm.id)
    if (!offer) return undefined
    this.#waiting.delete(alarm.id)
    const is = this.#outcomeOf(alarm, offer, mine, serverNow)
    if (is === undefined) return undefined
    const outcome = { alarm, to: offer.to.name, is, at: now }
    this.#outcomes.set(alarm.id, outcome)
    return outcome
  }

  /** Takes one back: then nobody declined it. */
  async withdrawing<T>(alarmId: string, answer: Promise<T>): Promise<T> {
    this.#withdrawing.add(alarmId)
    try {
      return await answer
    } catch (error) {
      this.#withdrawing.delete(alarmId)
      throw error
    }
  }

  outcome = (alarmId: string): OfferOutcome | undefined => this.#outcomes.get(alarmId)
  /** Since then, by the page's clock. */
  accepted = (since: number): OfferOutcome[] =>
    [...this.#outcomes.values()].filter(({ is, at }) => is === 'accepted' && at >= since)

  #outcomeOf(alarm: Alarm, offer: Offer, mine: boolean, serverNow: number): OfferOutcome['is'] | undefined {
    const taken = alarm.owner?.personId === offer.to.personId
    if (this.#withdrawing.delete(alarm.id) && !taken) return undefined
    if (!mine) return taken ? 'accepted' : undefined
    return serverNow >= Date.parse(offer.until) ? 'over' : 'declined'
  }
}

/** Whether a colleague wants whoever sits here to take it on; not once its time is over, whether or not the centre has said so. */
export const isOfferedTo = ({ offer }: Alarm, personId: string, serverNow: number): boolean =>
  offer !== null && offer.to.personId === personId && serverNow < Date.parse(offer.until)
