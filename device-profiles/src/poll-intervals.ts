import { DomainError, seconds } from '@anju/contract'
import type { Poll } from './profile.ts'

/** A bus has other meters, and a meter other readers: nobody needs a register more than once a second. */
const everyMinS = 1
const everyMaxS = 86_400

/**
 * A profile's polls with an installer's own intervals (data identifier → seconds) in place of the usual ones.
 * @throws DomainError `config-malformed`, naming the identifier.
 */
export function withIntervals(polls: readonly Poll[], everyS: Readonly<Record<string, number>>): readonly Poll[] {
  for (const [di, length] of Object.entries(everyS)) {
    if (!polls.some((poll) => poll.di === di))
      throw new DomainError('config-malformed', `pollEveryS.${di}: this profile does not ask for it`)
    if (!(length >= everyMinS && length <= everyMaxS))
      throw new DomainError('config-malformed', `pollEveryS.${di}: not from ${everyMinS} to ${everyMaxS} seconds`)
  }
  return polls.map(({ di, every }) => {
    const own = everyS[di]
    return { di, every: own === undefined ? every : seconds(own) }
  })
}
