/** Waits for the thing itself: asks again until it holds, and fails with what it last saw. Never a bare sleep. */
export interface Patience {
  /** On a machine of one's own; a slow one gets `slowness` times as long. What has to be there in time is judged by a clock. */
  readonly withinMs: number
  /** How long between two questions; a condition that costs a request may ask for more. */
  readonly everyMs?: number
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Machines of the continuous integration are shared and slow: they get three times as long. */
export const slowness = process.env['CI'] ? 3 : 1

/**
 * Resolves with the first value of `ask` that is neither undefined nor false. Errors count as "not yet" and are named when
 * the patience is over.
 */
export async function until<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  { withinMs, everyMs = 20 }: Patience,
): Promise<T> {
  const patienceMs = withinMs * slowness
  const end = performance.now() + patienceMs
  let last: unknown = 'never asked'
  for (;;) {
    try {
      const answer = await ask()
      if (answer !== undefined && answer !== false) return answer
      last = answer
    } catch (error) {
      last = error
    }
    if (performance.now() >= end)
      throw new Error(
        `waited ${patienceMs} ms for ${what}; last: ${last instanceof Error ? last.message : String(last)}`,
      )
    await pause(everyMs)
  }
}

/** Refuses a promise that takes longer than it may, which is `slowness` times as long on a slow machine. */
export async function within<T>(what: string, withinMs: number, promise: Promise<T>): Promise<T> {
  const patienceMs = withinMs * slowness
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${patienceMs} ms`)), patienceMs)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
