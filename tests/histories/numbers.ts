import { integerBetween, type Random } from '@anju/contract'
import type { TestDatabase } from '../harness/postgres.ts'
import type { Addresses } from '../harness/story/people.ts'
import { type Weighted, weighted } from './draw.ts'

/** The telephone numbers of each, by kind and id. */
export type Numbers = ReadonlyMap<string, readonly string[]>

const MORE: Weighted<number> = [
  [5, 0],
  [4, 1],
  [1, 2],
]

/** Some have a second number, or a third: for messages, for calls, or for both as their first one is. */
export async function someMoreNumbers(data: TestDatabase, at: Addresses, random: Random): Promise<Numbers> {
  const numbers = new Map<string, readonly string[]>()
  for (const { kind, owner, channels } of await data.sql<Owner>(OWNERS)) {
    const own = [at.of(owner, 'sms')]
    for (let more = weighted(random, MORE); more > 0; more--) {
      const number = at.of(`${owner} ${own.length + 1}`, 'sms')
      const on = [channels, channels.slice(0, 1), channels.slice(-1)][integerBetween(random, 0, 2)] ?? channels
      await data.sql(ADD, [kind, owner, on, number, own.length])
      own.push(number)
    }
    numbers.set(`${kind} ${owner}`, own)
  }
  return numbers
}

interface Owner {
  readonly kind: string
  readonly owner: string
  readonly channels: readonly string[]
}
const OWNERS = `select owner_kind as kind, owner, array_agg(channel order by channel) as channels from way
  where channel in ('sms', 'voice') group by owner_kind, owner order by owner_kind, owner`
const ADD = `insert into way (id, centre, home, owner_kind, owner, channel, address, position)
  select id || '-' || $5::integer + 1, centre, home, owner_kind, owner, channel, $4, 10 * $5::integer + position from way
  where owner_kind = $1 and owner = $2 and channel = any ($3) and position < 10`
