import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import type { Config } from '../config.ts'
import { InfluxWire } from '../telemetry/influx/wire.ts'
import { Patience } from '../telemetry/move/patience.ts'
import { sumUp } from '../telemetry/move/sum-up.ts'
import type { MigrateVoice } from './migrate-voice.ts'

/** The sums of what was moved, which no task makes any more; answers the exit code. */
export async function makeSums(
  influx: NonNullable<Config['influx']>,
  zone: string,
  signal: AbortSignal,
  voice: MigrateVoice,
): Promise<number> {
  const wire = new InfluxWire(influx, systemClock)
  const patience = new Patience({
    clock: systemClock,
    random: systemRandom,
    signal,
    onWait: (wait, why) => voice.tell({ is: 'waiting', wait, why }),
  })
  try {
    const { org, bucket } = influx
    const tell = (done: number, total: number, slices: number) => voice.summing(done, total, slices)
    return voice.summed(await sumUp({ wire, patience, clock: systemClock, org, bucket, zone, signal, tell }))
  } finally {
    wire.close()
  }
}
