import type { Api } from '../harness/api.ts'
import type { RunningGateway } from '../harness/gateway.ts'
import { until } from '../harness/wait.ts'
import type { Seen } from './press-ledger.ts'

export interface SeenFully extends Seen {
  readonly event: string
  readonly receivedAt: number
  readonly late: boolean
  readonly alarm: string
}

/** Every occurrence the centre shows for placements of this kind, in the order it lists them. */
export async function occurrencesOf(api: Api, placementPrefix: string): Promise<SeenFully[]> {
  const seen: SeenFully[] = []
  for (const alarm of await api.alarms()) {
    if (alarm.type !== 'sos-pressed' || !alarm.placement.startsWith(placementPrefix)) continue
    const { occurrenceList, occurrences } = await api.alarm(alarm.id)
    if (occurrences !== occurrenceList.length)
      throw new Error(`alarm ${alarm.id} counts ${occurrences} and lists ${occurrenceList.length}`)
    for (const one of occurrenceList)
      seen.push({
        placement: alarm.placement,
        alarm: alarm.id,
        event: one.event,
        heardAt: Date.parse(one.heardAt),
        receivedAt: Date.parse(one.receivedAt),
        late: one.late,
      })
  }
  return seen
}

/** Resolves when the gateway has nothing waiting in a lane: everything was receipted. */
export const emptied = (gateway: RunningGateway, lane: 'life' | 'telemetry', withinMs: number): Promise<true> =>
  until(`the gateway's ${lane} lane to be empty`, async () => (await gateway.status()).queue[lane] === 0 || undefined, {
    withinMs,
    everyMs: 100,
  }).then(() => true)
