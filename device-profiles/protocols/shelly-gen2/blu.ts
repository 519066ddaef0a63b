import type { Reading } from '@anju/contract'
import { saidByItself, selected, toldBy } from '../../src/dialect.ts'
import { numberReading, objectAt, objectOf, switchReading } from '../../src/json-payload.ts'
import type { Decoded, DeviceOptions, MqttMessage, Option } from '../../src/profile.ts'
import type { Told } from '../../src/telling.ts'
import { isPushed, sosWhen } from './pushes.ts'
import { shellyGen2 } from './tell.ts'

/** Whose packets of all those that a gateway hands on: by address from a script, by component from the gateway itself. */
export const BLU_DEVICE: Option = {
  name: 'its address (aa:bb:cc:dd:ee:ff), or its component on the gateway (bthomedevice:200)',
  pattern: '(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}|bthomedevice:2[0-9]{2}',
  required: true,
}
/** A gateway numbers the sensors of its BLU devices as they were added; only it knows which is which. */
export const bluSensor = (what: string): Option => ({
  name: `component of its ${what} on the gateway (bthomesensor:201), where the gateway itself hands it on`,
  pattern: 'bthomesensor:2[0-9]{2}',
  required: false,
})

/** A script names the device itself; what the gateway says of its own components it says under its own name. */
const ADDRESS = /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/i

/** A number, a switch, or a switch that is true when ours is 0: an opening. */
export type BluPoints<Point extends string> = Readonly<Record<Point, 'number' | 'switch' | 'opening'>>

/**
 * A Bluetooth device of Shelly behind a gateway. Its script hands on whole packets, with the packet's number: the same one again
 * is what another gateway heard. The gateway's own components come one by one and without it.
 */
export const bluDevice =
  <Point extends string>(given: { readonly points: BluPoints<Point>; readonly isSos?: true }) =>
  ({ topic, payload }: MqttMessage, options: DeviceOptions): Decoded<Point | 'battery'> => {
    const told = toldBy(shellyGen2, { topic, bytes: payload })
    const own = (options.device ?? '').toLowerCase()
    if (ADDRESS.test(String(told.frame.device))) return fromScript(given, told, own)
    const readings: Partial<Record<Point | 'battery', Reading>> = {}
    if (!saidByItself(told)) return { readings, events: [] }
    const params = topic.endsWith('/rpc') ? (objectAt(objectOf(payload), 'params') ?? {}) : {}
    const device = objectAt(params, own)
    const battery = device && numberReading(device, 'battery')
    if (battery) readings.battery = battery
    for (const [point, as] of Object.entries(given.points) as [Point, BluPoints<Point>[Point]][]) {
      const sensor = objectAt(params, options[point] ?? '')
      const value = sensor && (as === 'number' ? numberReading(sensor, 'value') : switchReading(sensor, 'value'))
      if (value) readings[point] = as === 'opening' ? opposite(value) : value
    }
    const pushed = given.isSos === true && isPushed(told, own)
    return { readings, events: sosWhen(pushed), ...(device && { heartbeat: true }) }
  }

const fromScript = <Point extends string>(
  { points, isSos }: { readonly points: BluPoints<Point>; readonly isSos?: true },
  told: Told,
  own: string,
): Decoded<Point | 'battery'> =>
  selected(
    {
      points: ['battery', ...(Object.keys(points) as Point[])],
      isOurs: ({ frame }) => typeof frame.device === 'string' && frame.device.toLowerCase() === own,
      events: ({ frame }) => sosWhen(isSos === true && typeof frame.action === 'string'),
      sequence: ({ frame }) =>
        typeof frame.packetId === 'number' ? { number: frame.packetId, guard: 'differs' } : undefined,
    },
    told,
    { options: {}, speaks: true },
  )

const opposite = (given: Reading): Reading => (given.is === 'value' ? { is: 'value', value: 1 - given.value } : given)

/** The event of the script on a gateway, as an example writes it. */
export const bluPacket = (data: object): object => ({
  component: 'script:1',
  id: 1,
  event: 'shelly-blu',
  data: { encryption: false, BTHome_version: 2, rssi: -76, address: 'aa:bc:12:34:56:78', ...data },
})
