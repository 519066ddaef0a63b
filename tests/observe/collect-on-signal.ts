import { BroadcastChannel, isMainThread, threadId } from 'node:worker_threads'

/**
 * Loaded into a server whose memory is measured (`--import`, with `--expose-gc`): at a SIGUSR2 each of its threads collects all of
 * its garbage, and says what it still holds.
 */
const channel = new BroadcastChannel('collect-on-signal')
let times = 0

function collect(time: number): void {
  // What the first one finds free to go holds what the second one finds.
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  process.stdout.write(`garbage collected ${time}: thread ${threadId} holds ${heapUsed + external} bytes\n`)
}

channel.unref()
channel.addEventListener('message', (event) => collect((event as unknown as { readonly data: number }).data))
if (isMainThread)
  process.on('SIGUSR2', () => {
    times++
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- between threads, not windows
    channel.postMessage(times)
    collect(times)
  })
