import { isMainThread } from 'node:worker_threads'
import { seconds } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'

/**
 * Loaded into each part before its own first line. When the launcher is killed, its end of the channel closes: the part then
 * stops as if it had been asked to, and what it has on disk stays there.
 */
const stopsWithin = seconds(8)

if (isMainThread && process.channel) {
  process.once('disconnect', () => {
    // A part that listens for this itself is already stopping; a second word would hurry it.
    if (process.listenerCount('disconnect') === 0) process.kill(process.pid, 'SIGTERM')
    systemClock.after(stopsWithin, () => process.kill(process.pid, 'SIGKILL'))
  })
  process.channel.unref() // waiting for the launcher's death is no reason to live
}
