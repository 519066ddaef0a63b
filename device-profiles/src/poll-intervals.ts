import { DomainError, seconds } from '@anju/contract'
import type { Poll } from './profile.ts'

/** A bus has other meters, and a meter other readers: nobody needs a register more than once a second. */
const everyMinS = 1
const everyMaxS = 86_400

/**
 * A profile's polls with an installer's own intervals (name of the poll → seconds) in place of the usual ones.
 * @throws DomainError `config-malformed`, naming the poll.
 */
export function withIntervals(polls: readonly Poll[], everyS: Readonly<Record<string, number>>): readonly Poll[] {
  for (const [name, length] of Object.entries(everyS)) {
    if (!polls.some((poll) => poll.name === name))
      throw new DomainError('config-malformed', `pollEveryS.${name}: this profile does not ask for it`)
    if (!(length >= everyMinS && length <= everyMaxS))
      throw new DomainError('config-malformed', `pollEveryS.${name}: not from ${everyMinS} to ${everyMaxS} seconds`)
  }
  return polls.map((poll) => {
    const own = everyS[poll.name]
    return own === undefined ? poll : { ...poll, every: seconds(own) }
  })
}
