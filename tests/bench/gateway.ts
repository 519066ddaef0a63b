import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { aBusyHome, type BusyHome } from '../harness/busy-home.ts'
import { nodePath, rssKiB, startProgram } from '../harness/child.ts'
import { fortyDevices } from '../harness/forty-devices.ts'
import { pause, until } from '../harness/wait.ts'
import { type BenchDefinition, percentile } from './figures.ts'
import type { Pressing } from './press-worker.ts'

const rounds = 3
const settleMs = 20_000
/** Presses of one button closer than a second are one: so many take turns, a tenth of a second apart. */
const buttons = 12
const presses = 300
const pressEveryMs = 100
const durableMsMax = 5

/**
 * The gateway of a home of more than forty devices, second start, code compiled before. The memory is the whole process's; a
 * press is durable when the device has its PUBACK, which comes after the disk has it.
 */
export const gateway: BenchDefinition = {
  name: 'gateway',
  what: 'resident memory of a gateway with 40 devices (reference: a bare Node process); and the 99th percentile of press → PUBACK',
  unit: 'MiB',
  better: 'lower',
  judged: 'value',
  gate: 120,
  goal: 90,
  async run(say) {
    const values: number[] = []
    const references: number[] = []
    const p99s: number[] = []
    for (let round = 1; round <= rounds; round++) {
      references.push(await bareNode())
      const home = await aBusyHome({ ...fortyDevices(), buttons })
      try {
        await pause(settleMs)
        const tookMs = await pressAll(home)
        values.push(rssKiB(home.gateway.part.pid) / 1_024)
        p99s.push(percentile(tookMs, 0.99))
        say(
          `round ${round}: ${home.devices} devices, ${values.at(-1)?.toFixed(1)} MiB, p99 ${p99s.at(-1)?.toFixed(2)} ms`,
        )
      } finally {
        await home.end()
      }
    }
    const p99 = percentile(p99s, 0.5)
    return {
      values,
      references,
      more: {
        'press → PUBACK p99 ms': Number(p99.toFixed(2)),
        [`p99 at most ${durableMsMax} ms`]: p99 <= durableMsMax,
      },
    }
  },
}

async function pressAll(home: BusyHome): Promise<number[]> {
  const workerData: Pressing = { devicePort: home.gateway.devicePort, buttons, presses, everyMs: pressEveryMs }
  const worker = new Worker(new URL('press-worker.ts', import.meta.url), { workerData })
  const [tookMs] = (await once(worker, 'message')) as [number[]]
  return tookMs
}

async function bareNode(): Promise<number> {
  const part = startProgram('node', nodePath, ['-e', 'console.log("up"); process.stdin.resume()'])
  try {
    await until('a bare Node', () => part.log().includes('up'), { withinMs: 10_000 })
    await pause(500)
    return rssKiB(part.pid) / 1_024
  } finally {
    await part.kill()
  }
}
