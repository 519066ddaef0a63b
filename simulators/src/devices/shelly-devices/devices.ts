import { type Instant, minutes } from '@anju/contract'
import type { Publication, PublishingDevice } from '../device.ts'
import {
  cellMillivolts,
  cellPct,
  flicker,
  hourOf,
  humidityPct,
  isTried,
  kettleWatts,
  mainsVolts,
  roomCelsius,
  rounded,
  somethingBurns,
  wattHours,
} from '../signals.ts'

/** Shelly of the second generation (its API documentation, "Notifications" and "MQTT"): only what changed, or all at once. */
const rpc = (id: string, at: Instant, method: string, params: object): Publication => ({
  topic: `${id}/events/rpc`,
  payload: JSON.stringify({ src: id, dst: `${id}/events`, method, params: { ts: rounded(at / 1_000, 2), ...params } }),
  retain: false,
})
const status = (id: string, component: string, body: object): Publication => ({
  topic: `${id}/status/${component}`,
  payload: JSON.stringify(body),
  retain: false,
})
const online = (id: string, is: boolean): Publication => ({ topic: `${id}/online`, payload: String(is), retain: true })

const measured = (at: Instant) => {
  const apower = kettleWatts(at, 1)
  const voltage = mainsVolts(at, 1)
  return { apower, voltage, current: rounded(apower / voltage, 3), freq: 50, total: wattHours(at) }
}

export const shellyPlug = (id: string): PublishingDevice => ({
  profile: 'shelly/gen2-power',
  topic: id,
  every: minutes(1),
  truth: (at) => {
    const { apower, voltage, current, freq, total } = measured(at)
    const energy = total / 1_000
    return { 'active-power': apower, voltage, current, frequency: freq, 'active-energy': energy, switch: 1 }
  },
  publish: (at) => {
    const { total, ...electric } = measured(at)
    const aenergy = { total, by_minute: [0, 0, 0], minute_ts: Math.floor(at / 60_000) * 60 }
    const body = { id: 0, ...electric, aenergy, temperature: { tC: 41.2, tF: 106.2 } }
    return [
      online(id, true),
      rpc(id, at, 'NotifyStatus', { 'switch:0': body }),
      status(id, 'switch:0', { output: true, source: 'init', ...body }),
    ]
  },
})

const powered = (at: Instant) => ({
  'devicepower:0': {
    id: 0,
    battery: { V: rounded(cellMillivolts(at) / 1_000, 2), percent: cellPct(at) },
    external: { present: false },
  },
})
const poweredTruth = (at: Instant) => ({
  battery: cellPct(at),
  'battery-voltage': rounded(cellMillivolts(at) / 1_000, 2),
})
/** Asleep in between: its last will is retained and means nothing else. Its clock is not set when it has just woken. */
const wakes = (id: string, at: Instant, components: object): Publication[] => [
  online(id, true),
  {
    ...rpc(id, at, 'NotifyFullStatus', {}),
    payload: JSON.stringify({
      src: id,
      dst: `${id}/events`,
      method: 'NotifyFullStatus',
      params: {
        ts: 1.33,
        ...components,
        ...powered(at),
        sys: { uptime: 1, time: null, wakeup_reason: { boot: 'deepsleep_wake', cause: 'periodic' } },
        wifi: { rssi: -flicker(at, 40, 75) },
      },
    }),
  },
  online(id, false),
]

export const shellySmoke = (id: string): PublishingDevice => ({
  profile: 'shelly/plus-smoke',
  topic: id,
  every: minutes(24 * 60),
  truth: (at) => ({ smoke: somethingBurns(at) ? 1 : 0, ...poweredTruth(at) }),
  publish: (at) => wakes(id, at, { 'smoke:0': { id: 0, alarm: somethingBurns(at), mute: false } }),
})

export const shellyClimate = (id: string): PublishingDevice => {
  return {
    profile: 'shelly/ht-gen3',
    topic: id,
    every: minutes(120),
    truth: (at) => ({ temperature: roomCelsius(at, 1), humidity: humidityPct(at, 1), ...poweredTruth(at) }),
    publish: (at) =>
      wakes(id, at, {
        'temperature:0': { id: 0, tC: roomCelsius(at, 1), tF: rounded(roomCelsius(at, 1) * 1.8 + 32, 1) },
        'humidity:0': { id: 0, rh: humidityPct(at, 1) },
      }),
  }
}

/** One more with each packet. */
const packetId = (at: Instant) => Math.floor(hourOf(at) * 12) % 256

/** A BLU button that a script on its gateway hands on, pressed on trial at nine; a neighbour's button is heard too. */
export const shellyBluButton = (gateway: string): PublishingDevice => {
  const address = 'aa:bc:12:34:56:78'
  const packet = (at: Instant, data: object) =>
    rpc(gateway, at, 'NotifyEvent', {
      events: [
        {
          component: 'script:1',
          id: 1,
          event: 'shelly-blu',
          data: { encryption: false, BTHome_version: 2, rssi: -flicker(at, 50, 90), ...data },
          ts: rounded(at / 1_000, 2),
        },
      ],
    })
  return {
    profile: 'shelly/blu-button',
    topic: gateway,
    options: { device: address },
    every: minutes(60),
    truth: (at) => ({ battery: cellPct(at) }),
    publish: (at) => [
      packet(at, { pid: packetId(at), battery: cellPct(at), button: isTried(at) ? 1 : 0, address }),
      packet(at, { pid: 9, battery: 12, button: 1, address: '00:11:22:33:44:55' }),
      rpc(gateway, at, 'NotifyStatus', { wifi: { rssi: -flicker(at, 40, 75) } }),
    ],
  }
}
