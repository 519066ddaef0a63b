import { type Clock, errorMessage, minutes } from '@anju/contract'

const everyMs = minutes(5)
const firstAfterMs = minutes(1)

/**
 * Sums whatever is due, and looks again every five minutes. What fails is due the next time: until then its samples are read
 * instead, which is slower and says the same. Why it fails is told once, until all is well again.
 */
export function keepSumming(
  sumDue: (signal: AbortSignal) => Promise<void>,
  onTrouble: (why: string) => void,
  clock: Clock,
): { close(): Promise<void> } {
  const closing = new AbortController()
  let running = Promise.resolve()
  let troubled = false
  let timer = clock.after(firstAfterMs, look)

  function look(): void {
    running = run().finally(() => {
      if (!closing.signal.aborted) timer = clock.after(everyMs, look)
    })
  }
  async function run(): Promise<void> {
    try {
      await sumDue(closing.signal)
      troubled = false
    } catch (error) {
      if (!troubled) onTrouble(errorMessage(error))
      troubled = true
    }
  }
  return {
    async close() {
      closing.abort()
      timer.cancel()
      await running
    },
  }
}
