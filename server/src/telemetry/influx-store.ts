import type { Clock } from '@anju/contract'
import type { Actor } from '../ports.ts'
import { askActivity } from './influx/activity.ts'
import { ask } from './influx/ask.ts'
import { type Bindings, ofAll, ofCentre } from './influx/flux.ts'
import { askGaps } from './influx/gaps.ts'
import type { Inquiry } from './influx/inquiry.ts'
import { askLatest } from './influx/latest.ts'
import { influxTimes, LineProtocol } from './influx/line-protocol.ts'
import { Shelves } from './influx/shelves.ts'
import { type InfluxAddress, InfluxWire } from './influx/wire.ts'
import { writeAll } from './influx/write-all.ts'
import { bucketsOf } from './influx-setup/bucket-names.ts'
import { refusalsOf } from './refusals.ts'
import type { TelemetryStore } from './store.ts'

export type { InfluxAddress } from './influx/wire.ts'

/** Measurements in InfluxDB 2.x: for a city. */
export function influxStore(address: InfluxAddress, clock: Clock): TelemetryStore {
  const wire = new InfluxWire(address, clock)
  const protocol = new LineProtocol()
  const shelves = new Shelves(wire, bucketsOf(address.bucket), clock)
  const about = (actor: Actor, named: Named): Inquiry => ({
    wire,
    scripts: scriptsFor(actor),
    series: seriesOf(actor, named),
    shelves,
  })
  return {
    async write(batch) {
      const refused = refusalsOf(batch, influxTimes)
      protocol.refuse(batch, refused)
      await writeAll(wire, protocol, batch, refused)
      return refused
    },
    query: (actor, query) => ask(about(actor, query), query),
    latest: (actor, query) => askLatest(about(actor, query), query),
    activity: (actor, query) => askActivity(about(actor, query), query),
    gaps: (actor, query) => askGaps(about(actor, query), query),
    check: () => wire.check(),
    close: async () => wire.close(),
  }
}

const scriptsFor = (actor: Actor) => (actor.kind === 'person' ? ofCentre : ofAll)
interface Named {
  readonly home: string
  readonly placement?: string
  readonly point?: string
}
const seriesOf = (actor: Actor, { home, placement, point }: Named): Bindings => ({
  ...(actor.kind === 'person' ? { centre: { text: actor.centre } } : {}),
  home: { text: home },
  ...(placement === undefined ? {} : { placement: { text: placement } }),
  ...(point === undefined ? {} : { point: { text: point } }),
})
