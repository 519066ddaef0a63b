import type { Channel } from '@anju/contract/api'
import type { Means } from '../domain/roster/ways.ts'
import type { ChannelAdapter } from './channel.ts'
import { takersOf } from './takers.ts'

/** What the configured providers can reach. */
export function meansOf(adapters: readonly ChannelAdapter[]): Means {
  const names = new Map<Channel, string[]>()
  for (const { channel, names: own } of adapters) if (own) names.set(channel, [...(names.get(channel) ?? []), ...own])
  const takers = takersOf(adapters)
  return {
    channels: new Set(adapters.map(({ channel }) => channel)),
    names,
    sends: (to) => takers(to).length > 0,
  }
}
