import { parentPort, workerData } from 'node:worker_threads'
import mqtt from 'mqtt'
import { buttonTopicOf } from '../harness/busy-home.ts'
import { pressPayload } from '../harness/gateway.ts'
import { pause } from '../harness/wait.ts'

export interface Pressing {
  readonly devicePort: number
  readonly buttons: number
  readonly presses: number
  readonly everyMs: number
}

/** A thread of its own: a press is timed beside the simulated devices, not behind their work. */
const { devicePort, buttons, presses, everyMs } = workerData as Pressing
const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${devicePort}`, { reconnectPeriod: 0, connectTimeout: 5_000 })
const tookMs: number[] = []
for (let press = 0; press < presses; press++) {
  const began = performance.now()
  await client.publishAsync(buttonTopicOf(press % buttons), pressPayload, { qos: 1 })
  tookMs.push(performance.now() - began)
  await pause(Math.max(0, everyMs - (performance.now() - began)))
}
await client.endAsync(true)
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
parentPort?.postMessage(tookMs)
