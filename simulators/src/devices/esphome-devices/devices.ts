import { type Instant, minutes } from '@anju/contract'
import type { PublishingDevice } from '../device.ts'
import {
  during,
  flicker,
  kettleWatts,
  mainsVolts,
  roomLux,
  rounded,
  somebodyIsInTheLivingRoom,
  somebodyMoves,
  wattHours,
} from '../signals.ts'

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

/** The light sensor gives nothing in the first hour. */
const lightSensor = (at: Instant) => (during(at, [0, 1]) ? undefined : roomLux(at, 1))

export const esphomePresence = (name: string): PublishingDevice => {
  return node(
    'esphome/presence',
    name,
    { presence: 'binary_sensor/presence', motion: 'binary_sensor/moving_target', illuminance: 'sensor/light' },
    (at) => ({
      'binary_sensor/presence': somebodyIsInTheLivingRoom(at) ? 'ON' : 'OFF',
      'binary_sensor/moving_target': somebodyMoves(at) ? 'ON' : 'OFF',
      'sensor/light': lightSensor(at)?.toFixed(1) ?? 'nan',
    }),
    (at) => {
      const light = lightSensor(at)
      return {
        presence: somebodyIsInTheLivingRoom(at) ? 1 : 0,
        motion: somebodyMoves(at) ? 1 : 0,
        ...(light !== undefined && { illuminance: light }),
      }
    },
  )
}

const amperes = (at: Instant) => rounded(kettleWatts(at, 1) / mainsVolts(at, 1), 3)
const kilowattHours = (at: Instant) => rounded(wattHours(at) / 1_000, 3)

export const esphomeMeter = (name: string): PublishingDevice => {
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
      'sensor/total_power': kettleWatts(at, 1).toFixed(1),
      'sensor/total_energy': kilowattHours(at).toFixed(3),
      'sensor/mains_voltage': mainsVolts(at, 1).toFixed(1),
      'sensor/mains_current': amperes(at).toFixed(3),
    }),
    (at) => ({
      'active-power': kettleWatts(at, 1),
      'active-energy': kilowattHours(at),
      voltage: mainsVolts(at, 1),
      current: amperes(at),
    }),
  )
}
