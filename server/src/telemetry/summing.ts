import { type Clock, minutes } from '@anju/contract'

const everyMs = minutes(5)
const firstAfterMs = minutes(1)

/**
 * Sums whatever is due, a few series at a time, and looks again every five minutes. What fails is due the next time: until then
 * its samples are read instead, which is slower and says the same.
 */
export function keepSumming(sumSome: () => Promise<number>, clock: Clock): { close(): Promise<void> } {
  const closing = new AbortController()
  let running = Promise.resolve()
  let timer = clock.after(firstAfterMs, look)

  function look(): void {
    running = run().finally(() => {
      if (!closing.signal.aborted) timer = clock.after(everyMs, look)
    })
  }
  async function run(): Promise<void> {
    try {
      while (!closing.signal.aborted && (await sumSome()) > 0);
    } catch {
      // The store is away or busy; whoever writes to it says so.
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
