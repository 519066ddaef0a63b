import { pageClock } from '../edge/page-clock.ts'
import { pageRandom } from '../edge/page-random.ts'
import { type FromLive, LiveConnection, type ToLive } from './connection.ts'

/**
 * The live stream and the page's second hand run here, because a hidden tab's own timers are throttled and its sound
 * must not be.
 */
const scope = globalThis as unknown as {
  postMessage(message: FromLive, transfer: Transferable[]): void
  addEventListener(type: 'message', listener: (event: MessageEvent<ToLive>) => void): void
}

const connection = new LiveConnection({
  clock: pageClock,
  random: pageRandom,
  fetch: (url, init) => fetch(url, init),
  post: (message) => scope.postMessage(message, []),
})

scope.addEventListener('message', ({ data }) => {
  if (data.type === 'start') connection.start()
  else connection.stop()
})
