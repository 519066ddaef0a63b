import { type HomeId, type Instant, type Millis, millis, minutes, seconds } from '@anju/contract'

/** What many homes of one area lose at once. */
export const LOSSES = ['mains-lost', 'gateway-silent'] as const
export type Loss = (typeof LOSSES)[number]

/** One home's loss, not yet part of anything. */
export interface LossAlarm {
  readonly alarm: string
  readonly home: string
  /** Street and centre, as one key. */
  readonly area: string
  readonly type: Loss
  readonly at: Instant
}
export interface OpenOutage {
  readonly alarm: string
  readonly area: string
  readonly folds: Loss
}

export interface Correlation {
  readonly joins: readonly { readonly outage: string; readonly alarms: readonly string[] }[]
  readonly opens: readonly { readonly area: string; readonly folds: Loss; readonly alarms: readonly string[] }[]
}

const homesMin = 10
const within = seconds(60)

const holdAtLeast = minutes(30)
const holdMore = minutes(30)
const batteryEnoughPercent = 30

/**
 * How long a home's lost mains stay out of the queue: most are back within the hour, and a city's must not come back into it
 * in one breath. Null: at once, because little of the battery is left, or because it is no such loss.
 */
export function holdFor(
  type: string,
  snapshot: Readonly<Record<string, unknown>> | null,
  chance: () => number,
): Millis | null {
  if (type !== 'mains-lost' || isLow(snapshot)) return null
  return millis(holdAtLeast + Math.floor(chance() * holdMore))
}

const isLow = (snapshot: Readonly<Record<string, unknown>> | null): boolean => {
  const left = snapshot?.['batteryPercent']
  return typeof left === 'number' && left < batteryEnoughPercent
}

/** Pure: which losses belong to an outage that is open, and where ten homes within a minute make one. */
export function correlate(losses: readonly LossAlarm[], open: readonly OpenOutage[]): Correlation {
  const outages = new Map(open.map((outage) => [keyOf(outage.area, outage.folds), outage.alarm]))
  const joins = Map.groupBy(losses, (loss) => outageOf(loss, outages))
  const alone = joins.get(undefined) ?? []
  joins.delete(undefined)
  return {
    joins: [...joins].map(([outage, members]) => ({ outage: outage ?? '', alarms: members.map(({ alarm }) => alarm) })),
    opens: [...Map.groupBy(alone, ({ area, type }) => keyOf(area, type)).values()].flatMap((members) => {
      const flood = floodIn(members)
      const [first] = flood
      return first ? [{ area: first.area, folds: first.type, alarms: flood.map(({ alarm }) => alarm) }] : []
    }),
  }
}

/** A gateway that falls silent in a power cut has an empty battery, or a router without mains: it is the same cause. */
function outageOf({ area, type }: LossAlarm, outages: ReadonlyMap<string, string>): string | undefined {
  return outages.get(keyOf(area, 'mains-lost')) ?? (type === 'mains-lost' ? undefined : outages.get(keyOf(area, type)))
}

/** From the first minute on in which enough different homes are: that minute and all that came after it. */
function floodIn(given: readonly LossAlarm[]): readonly LossAlarm[] {
  const losses = given.toSorted((a, b) => a.at - b.at)
  const homes = new Map<string, number>()
  let from = 0
  for (const loss of losses) {
    homes.set(loss.home, (homes.get(loss.home) ?? 0) + 1)
    for (let first = losses[from]; first && loss.at - first.at > within; first = losses[++from]) {
      const others = (homes.get(first.home) ?? 0) - 1
      if (others > 0) homes.set(first.home, others)
      else homes.delete(first.home)
    }
    if (homes.size >= homesMin) return losses.slice(from)
  }
  return []
}

const keyOf = (area: string, folds: Loss): string => `${folds} ${area}`

const WORD_OF: Readonly<Record<Loss, string>> = { 'mains-lost': 'mains', 'gateway-silent': 'gateways' }

/** Where an outage is: in the place of a home's placement, because it is no home's. `where` is nine digits of an area, or a centre. */
export const outagePlacement = (folds: Loss, where: string): string => `outage-${WORD_OF[folds]}-${where}`

/** What an outage's placement says; undefined for a placement in a home. */
export function outageAt(placement: string): { readonly folds: Loss; readonly where: string } | undefined {
  const [, word, where] = /^outage-(mains|gateways)-(.+)$/.exec(placement) ?? []
  if (word === undefined || where === undefined) return undefined
  return { folds: word === 'mains' ? 'mains-lost' : 'gateway-silent', where }
}

/** No home has it: an outage has to name one of many, and is of none. */
const NO_HOME = '' as HomeId

/** The home an alarm is about. What is a home's own (its plan, its contacts, what its resident agreed to) is no outage's. */
export const homeOf = ({ type, home }: { readonly type: string; readonly home: HomeId }): HomeId =>
  type === 'outage' ? NO_HOME : home
