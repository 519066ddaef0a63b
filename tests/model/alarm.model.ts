/**
 * The alarms of one place, by the numbered rules of the domain alone (1, 2, 6, 8, 11, 12, 13), as short as they can be said and
 * knowing nothing of how they are kept. What the machines do is compared with this, step by step.
 */
export interface Told {
  readonly graveness: 'life' | 'hazard' | 'technical' | 'info'
  readonly ended: boolean
  readonly occurredAt: number
  readonly heardAt: number
  readonly ageMs: number
  readonly test: boolean
  /** The gateway's own number: what was said first has the lower one, whatever came in first. */
  readonly nth: number
}
export type Act =
  | { readonly act: 'claim' | 'renew' | 'release' | 'start' | 'note' | 'dispatch' | 'undo-close' | 'takeover' }
  | { readonly act: 'withdraw-offer' | 'decline-offer' }
  | { readonly act: 'offer'; readonly to: string }
  | { readonly act: 'park'; readonly minutes: number }
  | { readonly act: 'contact'; readonly reached: boolean }
  | { readonly act: 'close'; readonly code: string }
export interface Who {
  readonly person: string
  readonly session: string
}

const MINUTE = 60_000
const GRAVENESS = ['life', 'hazard', 'technical']

export class ModelAlarm {
  handling = 'new'
  condition = 'active'
  owner: Who | null = null
  /** Who lost or gave it back; who parked it; who closed it. */
  left: Who | null = null
  closedBy: Who | null = null
  /** To whom its owner offers it, and until when. */
  offer: { readonly to: string; readonly until: number } | null = null
  until = 0
  fence = 0
  disposition: string | null = null
  closedAt: number | null = null
  occurrences = 0
  firstAt = Number.POSITIVE_INFINITY
  lastAt = Number.NEGATIVE_INFINITY
  heard: number[] = []
  realertedAt = Number.NEGATIVE_INFINITY
  realerts = 0
  lates = 0
  quiet = 0
  stuck = false
  test = true
  /** The number of its latest occurrence. */
  begun = Number.NEGATIVE_INFINITY
  L4: number | null = null
  L5: number | null = null
  L6: number | null = null
  graveness: string
  readonly kind: 'the thing' | 'its button'
  readonly ageMs: number

  constructor(kind: 'the thing' | 'its button', graveness: string, ageMs: number) {
    this.kind = kind
    this.graveness = graveness
    this.ageMs = ageMs
  }
  get held(): boolean {
    return this.handling === 'claimed' || this.handling === 'in-progress'
  }

  /** Rule 11: a lease lasts 60 s and then is gone, whoever looks. Rule 1: a park over is new. Rule 2: nothing else by time. */
  passes(now: number): void {
    if (this.offer && now >= this.offer.until) this.offer = null
    if (!(this.held || this.handling === 'parked') || now < this.until) return
    this.gone(this.held ? this.owner : null)
  }
  /** What was once said to be graver is so from then on. */
  gets(graveness: string): void {
    if (GRAVENESS.indexOf(graveness) < GRAVENESS.indexOf(this.graveness)) this.graveness = graveness
  }
  gone(left: Who | null): void {
    Object.assign(this, { handling: 'new', owner: null, offer: null, left })
  }
  take(handling: string, who: Who, now: number): void {
    Object.assign(this, { handling, owner: who, offer: null, left: null, until: now + MINUTE, fence: this.fence + 1 })
  }

  /** Rules 1, 8, 11; the answer is the refusal, or nothing. */
  does({ person, session }: Who, said: Act, token: number, now: number): string {
    this.passes(now)
    const who = { person, session }
    const closed = this.handling === 'closed'
    switch (said.act) {
      case 'claim':
        if (closed) return 'alarm-closed'
        if (this.held && this.owner?.session !== session && this.offer?.to !== person) return 'claimed-by-other'
        if (this.held && this.owner?.session === session) this.until = now + MINUTE
        else if (this.held) this.take(this.handling, who, now)
        else this.take('claimed', who, now)
        this.L4 ??= now
        return ''
      case 'takeover':
        if (closed) return 'alarm-closed'
        this.take(this.handling === 'in-progress' ? 'in-progress' : 'claimed', who, now)
        this.L4 ??= now
        return ''
      case 'decline-offer':
        if (this.offer?.to !== person) return 'transition-refused'
        this.offer = null
        return ''
      case 'undo-close':
        if (!closed || this.closedAt === null) return 'alarm-not-closed'
        if (this.closedBy?.person !== person) return 'forbidden'
        if (now >= this.closedAt + MINUTE) return 'undo-expired'
        Object.assign(this, { disposition: null, closedAt: null, closedBy: null, L6: null })
        this.take('in-progress', who, now)
        return ''
      default:
        if (!this.held || this.owner?.session !== session || token !== this.fence) return 'lease-stale'
    }
    if (said.act === 'renew') this.until = now + MINUTE
    if (said.act === 'release') this.gone(who)
    if (said.act === 'offer') this.offer = { to: said.to, until: now + 10 * MINUTE }
    if (said.act === 'withdraw-offer') this.offer = null
    if (said.act === 'park')
      Object.assign(this, {
        handling: 'parked',
        owner: null,
        offer: null,
        left: who,
        until: now + said.minutes * MINUTE,
      })
    if (said.act === 'start' || said.act === 'contact' || said.act === 'dispatch') this.handling = 'in-progress'
    if (said.act === 'dispatch' || (said.act === 'contact' && said.reached)) this.L5 ??= now
    if (said.act === 'close') this.close(who, said.code, now)
    return ''
  }
  close(closedBy: Who | null, disposition: string, now: number): void {
    Object.assign(this, {
      handling: 'closed',
      owner: null,
      offer: null,
      left: null,
      closedBy,
      disposition,
      closedAt: now,
    })
    this.L6 ??= now
  }
  /** Rules 1 and 2: it ends the condition; it closes what is technical and in nobody's hands, and nothing else ever. */
  ends(now: number): void {
    this.passes(now)
    this.condition = 'returned'
    if (this.graveness === 'technical' && !this.held) this.close(null, 'technical', now)
  }

  /**
   * Rule 12: every occurrence counts, and is heard again at most every 10 s; it ends a park. Rule 13: what comes late is not rung
   * as fresh, where it was heard before somebody took the alarm who still has it. True when the button now hangs.
   */
  occurs(told: Told, now: number): boolean {
    this.passes(now)
    if (this.handling === 'parked') this.gone(null)
    this.condition = 'active'
    this.begun = Math.max(this.begun, told.nth)
    this.occurrences += 1
    this.firstAt = Math.min(this.firstAt, told.occurredAt)
    this.lastAt = Math.max(this.lastAt, told.occurredAt)
    this.test &&= told.test
    this.heard.push(told.heardAt)
    const lateAgain = this.occurrences > 1 && told.ageMs > MINUTE
    const quiet = lateAgain && this.held && this.L4 !== null && now - told.ageMs <= this.L4
    this.lates += Number(lateAgain)
    this.quiet += Number(quiet)
    if (this.occurrences > 1 && !quiet && now - this.realertedAt >= 10_000) {
      this.realertedAt = now
      this.realerts += 1
    }
    const last = this.heard.slice(-21)
    const tooFast = last.length > 20 && Math.max(...last) - Math.min(...last) < MINUTE
    const hangs = tooFast && this.graveness !== 'technical' && !this.stuck
    this.stuck ||= hangs
    return hangs
  }
}

export class Model {
  /** In the order they began. */
  readonly alarms: ModelAlarm[] = []
  /** The last end that was said, whether or not something was open then. */
  #lastEnd: Told | null = null

  open(kind: ModelAlarm['kind']): ModelAlarm | undefined {
    return this.alarms.find((alarm) => alarm.kind === kind && alarm.handling !== 'closed')
  }
  does(alarm: ModelAlarm, who: Who, said: Act, token: number, now: number): string {
    // An episode has one open alarm: what has happened again since is not the old one's any more.
    const again = said.act === 'undo-close' && alarm.handling === 'closed' && this.open(alarm.kind)
    return again ? 'transition-refused' : alarm.does(who, said, token, now)
  }
  tells(told: Told, now: number): void {
    if (told.graveness === 'info') return
    const open = this.open('the thing')
    if (told.ended) return this.#ends(open, told, now)
    const alarm = open ?? new ModelAlarm('the thing', told.graveness, told.ageMs)
    alarm.gets(told.graveness)
    // Rule 6: what was said before its end and comes after it counts, and turns nothing.
    const isOver = this.#lastEnd !== null && told.nth < this.#lastEnd.nth && told.heardAt <= this.#lastEnd.heardAt
    const { condition } = alarm
    const hangs = alarm.occurs(told, now)
    if (open && isOver) alarm.condition = condition
    if (!open) this.alarms.push(alarm)
    if (!open && isOver) alarm.ends(now)
    if (!hangs || this.open('its button')) return
    const button = new ModelAlarm('its button', 'technical', 0)
    button.occurs({ ...told, occurredAt: alarm.lastAt, heardAt: now, test: alarm.test }, now)
    this.alarms.push(button)
  }
  /** Rule 6: what has begun again since is not ended by it. */
  #ends(alarm: ModelAlarm | undefined, told: Told, now: number): void {
    if (this.#lastEnd === null || this.#lastEnd.nth < told.nth) this.#lastEnd = told
    if (!alarm || told.nth < alarm.begun) return
    alarm.gets(told.graveness)
    alarm.ends(now)
  }
}
