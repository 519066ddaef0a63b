import type { Channel } from '@anju/contract/api'

/** One number or address of somebody, as far as choosing it goes. */
export interface Way {
  readonly channel: Channel
  readonly address: string
  /** The provider said that it will not work. */
  readonly dead: boolean
}

/** What messages can be sent with from here. A console needs nothing. */
export interface Means {
  /** Those that a configured provider serves. */
  readonly channels: ReadonlySet<Channel>
  /** Where an address is a name that stands in the configuration: all of them. */
  readonly names: ReadonlyMap<Channel, readonly string[]>
  /** Whether one of them sends there: of the providers of a channel each may take some addresses only. */
  readonly sends: (to: Pick<Way, 'channel' | 'address'>) => boolean
}

/**
 * What can be used, in their own order. What was never proven keeps its place: a number is put first because it has just become
 * the right one, and the old one, proven a year ago, then rings at somebody else's. That it was never proven is said where
 * people can mend it; here it would only be a reason to call later.
 */
export const living = <T extends Way>(ways: readonly T[]): T[] => ways.filter(({ dead }) => !dead)

export const isReachable = (ways: readonly Way[], channels: readonly Channel[]): boolean =>
  living(ways).some(({ channel }) => channels.includes(channel))

/** What a call can go to: people dial what messages are sent to, too. */
export const isTelephone = ({ channel }: Pick<Way, 'channel'>): boolean => channel === 'voice' || channel === 'sms'

/** The number a person dials: one that lives before one that is dead, theirs for calls before theirs for messages; else none. */
export function numberToDial(ways: readonly Way[]): string {
  const found = [living(ways), ways].flatMap((some) => [
    some.find(({ channel }) => channel === 'voice'),
    some.find(({ channel }) => channel === 'sms'),
  ])
  return found.find((way) => way !== undefined)?.address ?? ''
}

/**
 * The one that was called, when whoever called did not say which: the number they were offered, if it is their only one. Who has
 * two may have been called on either.
 */
export function onlyTelephone<T extends Way>(ways: readonly T[]): T | undefined {
  const [only, ...others] = ways.filter(({ channel }) => channel === 'voice')
  return others.length === 0 && only?.address === numberToDial(ways) ? only : undefined
}
