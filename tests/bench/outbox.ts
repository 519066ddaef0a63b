import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deviceId, placementId } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { Outbox } from '@anju/gateway/outbox/outbox'
import { type BenchDefinition, inTurns, median } from './figures.ts'

const roundMs = 1_500
const together = 16
/** What one event costs on disk, about: the reference writes as much before each fdatasync. */
const bytesPerWrite = 512

const silent = { debug() {}, info() {}, warn() {}, error() {} }

export const outbox: BenchDefinition = {
  name: 'outbox',
  what: 'life events made durable one after the other, a second ÷ fdatasync a second on the same disk',
  unit: 'inserts/s',
  better: 'higher',
  judged: 'ratio',
  gate: 0.35,
  goal: 0.6,
  async run(say) {
    const folder = mkdtempSync(join(tmpdir(), 'anju-bench-outbox-'))
    try {
      const store = new Outbox({ dir: join(folder, 'store'), clock: systemClock, random: systemRandom, log: silent })
      const press = () =>
        store.append({
          events: [
            {
              type: 'sos-pressed',
              class: 'life',
              phase: 'raised',
              placement: placementId('bathroom-sos'),
              device: deviceId('sos-1'),
              heard: { at: systemClock.now(), mono: systemClock.monotonic() },
            },
          ],
        })
      const one = async () => {
        for (let i = 0; i < 50; i++) await press()
        return perSecond(async (more) => {
          let done = 0
          for (; more(); done++) await press()
          return done
        })
      }
      const many = () =>
        perSecond(async (more) => {
          let done = 0
          const lane = async () => {
            for (; more(); done++) await press()
          }
          await Promise.all(Array.from({ length: together }, lane))
          return done
        })
      const figures = await inTurns(5, () => Promise.resolve(fdatasyncs(folder)), one, say)
      const shared = [await many(), await many(), await many()]
      store.close()
      return { ...figures, more: { [`with ${together} at a time, inserts/s`]: Math.round(median(shared)) } }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

async function perSecond(work: (more: () => boolean) => Promise<number>): Promise<number> {
  const start = performance.now()
  const done = await work(() => performance.now() - start < roundMs)
  return (done * 1_000) / (performance.now() - start)
}

/** Appends and syncs, as a log would: the fastest that anything durable can be here. */
function fdatasyncs(folder: string): number {
  const file = openSync(join(folder, 'reference'), 'w')
  const block = Buffer.alloc(bytesPerWrite, 7)
  try {
    const start = performance.now()
    let done = 0
    for (; performance.now() - start < roundMs; done++) {
      writeSync(file, block)
      fdatasyncSync(file)
    }
    return (done * 1_000) / (performance.now() - start)
  } finally {
    closeSync(file)
  }
}
