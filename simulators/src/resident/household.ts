import type { Instant } from '@anju/contract'
import { dayAfter, type LocalDate, wallClock } from '@anju/contract/zoned-time'
import { type LoadStep, loadOf } from './appliances.ts'
import { type Activity, type ActivityKind, dayOf, type Room } from './day.ts'

/** While it lasts, nobody is at home whatever the day's plan says. */
export interface Absence {
  readonly from: Instant
  readonly until: Instant
}

export interface Moment {
  readonly kind: ActivityKind
  readonly room: Room
  readonly watts: number
}

interface Day {
  readonly activities: readonly Activity[]
  readonly load: readonly LoadStep[]
  readonly end: Instant
}

const daysKeptMax = 4
/** A home that was switched off for longer is taken to have been disconnected: integrating years would hold up its start. */
const integrateDaysMax = 400

/** A home with its resident, as a function of time. Same seed and zone, same life. */
export class Household {
  readonly seed: number
  readonly timeZone: string
  readonly #days = new Map<LocalDate, Day>()

  constructor(seed: number, timeZone: string) {
    this.seed = seed
    this.timeZone = timeZone
  }

  /** What happens in the home at an instant, and what it draws. */
  at(when: Instant, absence?: Absence): Moment {
    const day = this.#day(wallClock(when, this.timeZone).date)
    const activity = lastFrom(day.activities, when)
    const step = lastFrom(day.load, when)
    if (absence && when >= absence.from && when < absence.until)
      return { kind: 'out', room: 'out', watts: step.unattendedWatts }
    return { kind: activity.kind, room: activity.room, watts: step.watts }
  }

  /** The exact integral of the load, in watt-milliseconds: a whole number, and never less for a later `to`. */
  energyWattMs(from: Instant, to: Instant, absence?: Absence): number {
    if (to <= from) return 0
    let energy = 0
    let date = wallClock(from, this.timeZone).date
    for (let days = 0; days < integrateDaysMax; days++) {
      const day = this.#day(date)
      for (const [index, step] of day.load.entries()) {
        const stepEnd = day.load[index + 1]?.from ?? day.end
        energy += energyOfStep(step, Math.max(step.from, from), Math.min(stepEnd, to), absence)
      }
      if (day.end >= to) return energy
      date = dayAfter(date)
    }
    return energy
  }

  #day(date: LocalDate): Day {
    const known = this.#days.get(date)
    if (known) return known
    const activities = dayOf(this.seed, date, this.timeZone)
    const end = activities.at(-1)?.to as Instant
    const day = { activities, load: loadOf(this.seed, date, this.timeZone, activities), end }
    this.#days.set(date, day)
    for (const oldest of this.#days.keys()) {
      if (this.#days.size <= daysKeptMax) break
      this.#days.delete(oldest)
    }
    return day
  }
}

function energyOfStep({ watts, unattendedWatts }: LoadStep, from: number, to: number, absence?: Absence): number {
  if (to <= from) return 0
  const away = absence ? Math.max(0, Math.min(to, absence.until) - Math.max(from, absence.from)) : 0
  return watts * (to - from - away) + unattendedWatts * away
}

/** The last entry that has begun. Entries are in order and the first begins with the day. */
function lastFrom<T extends { readonly from: Instant }>(entries: readonly T[], when: Instant): T {
  let found = entries[0] as T
  for (const entry of entries) {
    if (entry.from > when) break
    found = entry
  }
  return found
}
