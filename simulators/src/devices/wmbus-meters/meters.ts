import { formatInstant, type Instant, minutes } from '@anju/contract'
import type { PublishingDevice } from '../device.ts'
import { cellMillivolts, daysOf, rounded, somethingBurns, wave } from '../signals.ts'

/** What wmbusmeters says of a telegram (its README, "json"): one object each, null for a register that the meter does not fill. */
const heard = (
  profile: string,
  name: string,
  driver: { readonly media: string; readonly meter: string; readonly id: string },
  fields: (at: Instant) => object,
  truth: (at: Instant) => Readonly<Record<string, number>>,
): PublishingDevice => ({
  profile,
  topic: `wmbusmeters/${name}`,
  every: minutes(30),
  truth,
  publish: (at) => [
    {
      topic: `wmbusmeters/${name}`,
      payload: JSON.stringify({
        _: 'telegram',
        ...driver,
        name,
        ...fields(at),
        timestamp: formatInstant(at).replace(/\.\d+Z$/, 'Z'),
      }),
      retain: false,
    },
  ],
})

const cubicMetres = (at: Instant) => rounded(daysOf(at) * 0.112, 3)

export const waterMeter = (name: string): PublishingDevice => {
  return heard(
    'wmbus/water-meter',
    name,
    { media: 'cold water', meter: 'itron', id: '23362098' },
    (at) => ({ status: 'OK', total_m3: cubicMetres(at), target_date: null, target_m3: null }),
    (at) => ({ volume: cubicMetres(at), 'battery-low': 0 }),
  )
}

const kilowatts = (at: Instant) => wave(at, { mean: 1.3, swing: 0.9, peakHour: 6 }, 1)
const heat = (at: Instant) => Math.floor(daysOf(at) * 19)

export const heatMeter = (name: string): PublishingDevice => {
  return heard(
    'wmbus/heat-meter',
    name,
    { media: 'heat', meter: 'kamheat', id: '67676767' },
    (at) => ({
      power_kw: kilowatts(at),
      status: 'OK',
      total_energy_consumption_kwh: heat(at),
      total_volume_m3: 0.99,
    }),
    (at) => ({ energy: heat(at), 'active-power': Number((kilowatts(at) * 1_000).toFixed(0)) }),
  )
}

const alarms = (at: Instant) => Math.floor(daysOf(at) - 0.5) % 1_000
const volts = (at: Instant) => rounded(cellMillivolts(at) / 1_000, 2)

/** It never says that it smokes: at noon its counter has grown by one. */
export const countingSmokeDetector = (name: string): PublishingDevice => {
  return heard(
    'ei-electronics/ei6500',
    name,
    { media: 'smoke detector', meter: 'ei6500', id: '01097274' },
    (at) => ({
      status: 'OK',
      last_alarm_date: formatInstant(at).slice(0, 10),
      alarm_counter: alarms(at),
      removed_counter: 0,
      test_button_last_date: '2022-05-24',
      test_button_counter: 2,
      dust_level: 'DUST_2',
      battery_level: `${volts(at).toFixed(2)}V`,
      obstacle_distance: '',
    }),
    (at) => ({ alarms: alarms(at), tests: 2, removals: 0, fault: 0, 'battery-voltage': volts(at) }),
  )
}

export const speakingSmokeDetector = (name: string): PublishingDevice => {
  return heard(
    'lansen/smoke-detector',
    name,
    { media: 'smoke detector', meter: 'lansensm', id: '00010204' },
    (at) => ({
      status: somethingBurns(at) ? 'SMOKE' : 'OK',
      async_msg_id_counter: 588,
      minutes_since_last_manual_test_counter: 1,
    }),
    (at) => ({ smoke: somethingBurns(at) ? 1 : 0, test: 0, fault: 0, 'battery-low': 0 }),
  )
}
