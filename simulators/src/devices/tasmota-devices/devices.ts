import { formatInstant, type Instant, minutes } from '@anju/contract'
import type { Publication, PublishingDevice } from '../device.ts'
import { flicker, isTried, kettleWatts, kitchenIsWet, mainsVolts, rounded, wattHours } from '../signals.ts'

/** Tasmota (its documentation, "MQTT"): SENSOR and STATE every TelePeriod, local time without a zone, a retained last will. */
const localTime = (at: Instant): string => formatInstant(at).slice(0, 19)
const tele = (name: string, what: string, body: unknown, retain = false): Publication => ({
  topic: `tele/${name}/${what}`,
  payload: typeof body === 'string' ? body : JSON.stringify(body),
  retain,
})

const energy = (at: Instant) => {
  const Power = kettleWatts(at, 0)
  const Voltage = mainsVolts(at, 0)
  const Total = rounded(wattHours(at) / 1_000, 3)
  return { Power, Voltage, Total, Factor: Power > 100 ? 1 : 0.42, Current: rounded(Power / Voltage, 3) }
}

export const tasmotaPlug = (name: string): PublishingDevice => {
  return {
    profile: 'tasmota/plug',
    topic: `tele/${name}`,
    every: minutes(5),
    truth: (at) => {
      const { Power, Voltage, Total, Factor, Current } = energy(at)
      return {
        'active-power': Power,
        voltage: Voltage,
        'active-energy': Total,
        'power-factor': Factor,
        current: Current,
        switch: 1,
      }
    },
    publish: (at) => [
      tele(name, 'LWT', 'Online', true),
      tele(name, 'STATE', {
        Time: localTime(at),
        Uptime: '3T05:10:00',
        POWER: 'ON',
        Wifi: { RSSI: flicker(at, 50, 90), Signal: -61 },
      }),
      tele(name, 'SENSOR', {
        Time: localTime(at),
        ENERGY: { TotalStartTime: '2025-10-25T15:22:04', Yesterday: 0.412, Today: 0.1, Period: 0, ...energy(at) },
      }),
    ],
  }
}

/** A leak sensor behind a Zigbee bridge, and the bridge's other devices under the same topic. */
export const tasmotaZigbeeLeak = (bridge: string): PublishingDevice => {
  const received = (device: object) => tele(bridge, 'SENSOR', { ZbReceived: device })
  return {
    profile: 'tasmota/zigbee-leak',
    topic: `tele/${bridge}`,
    options: { device: 'KitchenLeak' },
    every: minutes(60),
    truth: (at) => ({
      'water-leak': kitchenIsWet(at) ? 1 : 0,
      tamper: 0,
      'battery-low': 0,
      'link-quality': flicker(at, 60, 150),
    }),
    publish: (at) => [
      tele(bridge, 'LWT', 'Online', true),
      received({ '0x2916': { Device: '0x2916', Temperature: 25.72, Humidity: 47.73, Endpoint: 1, LinkQuality: 116 } }),
      received({
        '0x099F': {
          Device: '0x099F',
          Name: 'KitchenLeak',
          '0500<00': kitchenIsWet(at) ? '010000FF0000' : '000000FF0000',
          ZoneStatusChange: kitchenIsWet(at) ? 1 : 0,
          Endpoint: 1,
          LinkQuality: flicker(at, 60, 150),
        },
      }),
    ],
  }
}

/** A button heard by the radio bridge, pressed on trial at nine; the neighbourhood's codes are heard all day. */
export const tasmotaRadioButton = (bridge: string): PublishingDevice => {
  const heard = (at: Instant, Data: string) =>
    tele(bridge, 'RESULT', {
      Time: localTime(at),
      RfReceived: { Sync: 10_280, Low: 340, High: 1_010, Data, RfKey: 'None' },
    })
  return {
    profile: 'tasmota/rf-button',
    topic: `tele/${bridge}`,
    options: { code: '80650A' },
    every: minutes(60),
    truth: () => ({}),
    publish: (at) => [heard(at, '7028D2'), ...(isTried(at) ? [heard(at, '80650A'), heard(at, '80650A')] : [])],
  }
}
