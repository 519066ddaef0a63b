import type { Clock } from '@anju/contract'
import type { Actor } from '../ports.ts'
import { ask } from './influx/ask.ts'
import { ofAll, ofCentre } from './influx/flux.ts'
import { influxTimes, LineProtocol } from './influx/line-protocol.ts'
import { type InfluxAddress, InfluxWire } from './influx/wire.ts'
import { writeAll } from './influx/write-all.ts'
import { refusalsOf } from './refusals.ts'
import type { MeasurementQuery, TelemetryStore } from './store.ts'

export type { InfluxAddress } from './influx/wire.ts'

/** Measurements in InfluxDB 2.x: for a city. */
export function influxStore(address: InfluxAddress, clock: Clock): TelemetryStore {
  const wire = new InfluxWire(address, clock)
  const protocol = new LineProtocol()
  return {
    async write(batch) {
      const refused = refusalsOf(batch, influxTimes)
      protocol.refuse(batch, refused)
      await writeAll(wire, protocol, batch, refused)
      return refused
    },
    query: (actor, query) => ask({ wire, scripts: scriptsFor(actor), series: seriesOf(actor, query) }, query),
    check: () => wire.check(),
    close: async () => wire.close(),
  }
}

const scriptsFor = (actor: Actor) => (actor.kind === 'person' ? ofCentre : ofAll)
const seriesOf = (actor: Actor, { home, placement, point }: MeasurementQuery) => ({
  ...(actor.kind === 'person' ? { centre: { text: actor.centre } } : {}),
  home: { text: home },
  placement: { text: placement },
  point: { text: point },
})
