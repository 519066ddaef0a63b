import type { Person } from '@anju/contract/api'
import type { LiveStore } from '../live/live-store.ts'
import type { Sitting } from '../shift/sitting.ts'
import { type Silence, type Sounding, silenceForMs, soundingAt } from './sounding.ts'
import { speaker } from './speaker.ts'

/** A pattern lasts about this long; a second one is not laid over it. */
const patternMs = 850
/** While the line is lost the seat buzzes so often. */
const buzzEveryMs = 3_000

export interface SoundView {
  /** What must be heard at this seat now. */
  readonly wanted: readonly Sounding[]
  readonly audible: boolean
  /** Until when an alarm stays silenced here, by the page's clock. */
  readonly silencedUntil: ReadonlyMap<string, number>
}

/** Decides each second, and at each change of the live state, what the seat's loudspeaker says. */
export class Sounder {
  #view: SoundView = { wanted: [], audible: speaker.audible(), silencedUntil: new Map() }
  #playedAt = 0
  #buzzedAt = 0
  readonly #live: LiveStore
  readonly #me: Person
  readonly #sitting: Sitting
  readonly #silences = new Map<string, Silence>()
  readonly #listeners = new Set<() => void>()

  constructor(live: LiveStore, me: Person, sitting: Sitting) {
    this.#live = live
    this.#me = me
    this.#sitting = sitting
  }

  readonly view = (): SoundView => this.#view
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Starts listening; the answer stops it. */
  start(): () => void {
    const stops = [
      this.#live.subscribe(() => this.#look()),
      this.#live.onTick(() => this.#tick()),
      speaker.subscribe(() => this.#look()),
    ]
    this.#look()
    return () => {
      for (const stop of stops) stop()
    }
  }

  /** For one alarm only, and only for `silenceForMs`; a further press breaks it, and so does being asked anew. */
  silence(alarmId: string): void {
    const at = this.#live.now()
    this.#silences.set(alarmId, { at, until: at + silenceForMs })
    this.#look()
  }

  #tick(): void {
    const now = this.#live.now()
    for (const [id, { until }] of this.#silences) if (until <= now) this.#silences.delete(id)
    this.#look()
    this.#play()
    if (this.#live.view().link === 'lost' && now - this.#buzzedAt >= buzzEveryMs) {
      this.#buzzedAt = now
      speaker.play('link')
    }
  }

  #look(): void {
    const wanted = soundingAt({
      alarms: this.#live.view().alarms.values(),
      silences: this.#silences,
      me: { ...this.#me, seat: this.#sitting.view() },
      now: this.#live.now(),
      serverNow: this.#live.serverNow(),
    })
    const audible = speaker.audible()
    const before = this.#view
    const silencedUntil = this.#quiet(wanted)
    const same = audible === before.audible && sameSounds(wanted, before.wanted)
    if (same && sameTimes(silencedUntil, before.silencedUntil)) return
    this.#view = { wanted, audible, silencedUntil }
    // A new alarm is heard at once, not at the next second.
    if (wanted.some(({ id }) => !before.wanted.some((old) => old.id === id))) this.#play()
    for (const listener of this.#listeners) listener()
  }

  /** Those that would sound but for a silence; a further press has broken the others. */
  #quiet(wanted: readonly Sounding[]): ReadonlyMap<string, number> {
    const heard = new Set(wanted.map(({ id }) => id))
    const { alarms } = this.#live.view()
    return new Map(
      [...this.#silences].flatMap(([id, { until }]) =>
        !heard.has(id) && alarms.get(id)?.alarm.handling === 'new' ? [[id, until] as const] : [],
      ),
    )
  }

  #play(): void {
    const { wanted } = this.#view
    const now = this.#live.now()
    if (wanted.length === 0 || now - this.#playedAt < patternMs) return
    this.#playedAt = now
    const unclaimed = wanted.some(({ why }) => why === 'unclaimed')
    speaker.play(
      unclaimed ? 'alarm' : 'again',
      wanted.some(({ loud }) => loud),
    )
  }
}

const sameSounds = (a: readonly Sounding[], b: readonly Sounding[]): boolean =>
  a.length === b.length &&
  a.every(({ id, why, loud }, index) => id === b[index]?.id && why === b[index].why && loud === b[index].loud)

const sameTimes = (a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean =>
  a.size === b.size && [...a].every(([id, until]) => b.get(id) === until)
