import type { Channel } from '@anju/contract/api'
import type { ChannelAdapter } from './channel.ts'

export interface Destination {
  readonly channel: Channel
  readonly address: string
}

/** Which of these providers send there: none for a channel that has none set up, nor for an address that none of them takes. */
export function takersOf(adapters: readonly ChannelAdapter[]): (to: Destination) => readonly ChannelAdapter[] {
  const byChannel = Map.groupBy(adapters, ({ channel }) => channel)
  return ({ channel, address }) => (byChannel.get(channel) ?? []).filter((one) => one.takes?.(address) ?? true)
}
