/** Stores events as fast as it can and says each id only after its promise resolved; ended with SIGKILL by the test beside it. */
import type { DeviceId, PlacementId } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { Outbox } from '../outbox/outbox.ts'
import { silentLog } from '../silent-log.ts'

const dir = process.argv[2]
if (!dir) throw new Error('the folder is the only argument')
const outbox = new Outbox({ dir, clock: systemClock, random: systemRandom, log: silentLog })

async function store(): Promise<void> {
  for (;;) {
    const heard = { at: systemClock.now(), mono: systemClock.monotonic() }
    const [id] = await outbox.append({
      events: [
        {
          type: 'sos-pressed',
          class: 'life',
          phase: 'raised',
          placement: 'bathroom-sos' as PlacementId,
          device: 'sos-1' as DeviceId,
          heard,
        },
      ],
    })
    await new Promise((resolve) => process.send?.(id, resolve))
  }
}
await Promise.all([store(), store(), store()])
