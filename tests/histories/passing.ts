import { DomainError } from '@anju/contract'

/** Crashes and lost answers are what is being tried; whoever meets one asks again. Anything else is a fault. */
export async function passing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof DomainError && PASSING.has(error.code)) return undefined
    throw error
  }
}
const PASSING = new Set(['store-unavailable', 'overloaded'])

const triesMax = 15
/** Asked until it is answered: with the same key, so that it is done once. */
export async function persisting<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; tries < triesMax; tries++) {
    const answer = await passing(async () => ({ is: await work() }))
    if (answer) return answer.is
  }
  throw new Error('the database was away for good')
}
