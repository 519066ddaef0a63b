import { type Instant, minutes } from '@anju/contract'
import type { PublishingDevice } from '../device.ts'
import { during, flicker, kettleWatts, rounded, wattHours, wave } from '../signals.ts'

/** ESPHome (its documentation, "MQTT client component"): one topic an object, plain text, retained; `nan` before the first value. */
const node = (
  profile: string,
  name: string,
  options: Readonly<Record<string, string>>,
  states: (at: Instant) => Readonly<Record<string, string>>,
  truth: (at: Instant) => Readonly<Record<string, number>>,
): PublishingDevice => ({
  profile,
  topic: name,
  options,
  every: minutes(1),
  truth,
  publish: (at) => [
    { topic: `${name}/status`, payload: 'online', retain: true },
    ...Object.entries(states(at)).map(([object, payload]) => ({
      topic: `${name}/${object}/state`,
      payload,
      retain: true,
    })),
    { topic: `${name}/sensor/wifi_signal/state`, payload: String(-flicker(at, 45, 80)), retain: true },
    { topic: `${name}/debug`, payload: "[D][sensor:094]: 'Light': Sending state", retain: false },
  ],
})

export const esphomePresence = (name: string): PublishingDevice => {
  const there = (at: Instant) => during(at, [6.4, 11.5], [12.5, 22])
  const moves = (at: Instant) => during(at, [6.4, 8], [12.5, 13], [17, 21.5])
  // The light sensor gives nothing in the first hour.
  const lux = (at: Instant) =>
    during(at, [0, 1]) ? undefined : Math.max(0, wave(at, { mean: 180, swing: 220, peakHour: 12, digits: 1 }))
  return node(
    'esphome/presence',
    name,
    { presence: 'binary_sensor/presence', motion: 'binary_sensor/moving_target', illuminance: 'sensor/light' },
    (at) => ({
      'binary_sensor/presence': there(at) ? 'ON' : 'OFF',
      'binary_sensor/moving_target': moves(at) ? 'ON' : 'OFF',
      'sensor/light': lux(at)?.toFixed(1) ?? 'nan',
    }),
    (at) => {
      const light = lux(at)
      return {
        presence: there(at) ? 1 : 0,
        motion: moves(at) ? 1 : 0,
        ...(light !== undefined && { illuminance: light }),
      }
    },
  )
}

export const esphomeMeter = (name: string): PublishingDevice => {
  const volts = (at: Instant) => wave(at, { mean: 229, swing: 4, peakHour: 3, digits: 1 })
  const amperes = (at: Instant) => rounded(kettleWatts(at) / volts(at), 3)
  const energy = (at: Instant) => rounded(wattHours(at) / 1_000, 3)
  return node(
    'esphome/energy',
    name,
    {
      'active-power': 'sensor/total_power',
      'active-energy': 'sensor/total_energy',
      voltage: 'sensor/mains_voltage',
      current: 'sensor/mains_current',
    },
    (at) => ({
      'sensor/total_power': kettleWatts(at).toFixed(1),
      'sensor/total_energy': energy(at).toFixed(3),
      'sensor/mains_voltage': volts(at).toFixed(1),
      'sensor/mains_current': amperes(at).toFixed(3),
    }),
    (at) => ({
      'active-power': kettleWatts(at),
      'active-energy': energy(at),
      voltage: volts(at),
      current: amperes(at),
    }),
  )
}
