import { formatInstant, type Instant, minutes } from '@anju/contract'
import type { PublishingDevice } from '../device.ts'
import {
  cellMillivolts,
  cellPct,
  doorIsOpen,
  flicker,
  hourOf,
  isTried,
  kettleWatts,
  kitchenIsWet,
  mainsVolts,
  roomLux,
  rounded,
  somebodyIsInTheBedroom,
  somebodyLiesOnTheFloor,
  somebodyMoves,
  somethingBurns,
  wattHours,
} from '../signals.ts'

/**
 * What zigbee2mqtt says for its devices (its documentation, "MQTT topics and messages"): the whole known state with every
 * report, null for what was never reported, an empty action behind each press, and the availability beside it, retained.
 */
interface Spoken {
  readonly state: Readonly<Record<string, unknown>>
  readonly truth: Readonly<Record<string, number>>
}

const linkQuality = (at: Instant) => flicker(at, 74, 140)

function behindBridge(profile: string, name: string, everyMin: number, say: (at: Instant) => Spoken): PublishingDevice {
  const topic = `zigbee2mqtt/${name}`
  return {
    profile,
    topic,
    every: minutes(everyMin),
    truth: (at) => ({ ...say(at).truth, 'link-quality': linkQuality(at) }),
    publish: (at) => [
      {
        topic,
        payload: JSON.stringify({ ...say(at).state, last_seen: formatInstant(at), linkquality: linkQuality(at) }),
        retain: false,
      },
      { topic: `${topic}/availability`, payload: '{"state":"online"}', retain: true },
    ],
  }
}

const cell = (at: Instant) => ({
  state: { battery: cellPct(at), voltage: cellMillivolts(at), device_temperature: 24, power_outage_count: 5 },
  truth: { battery: cellPct(at), 'battery-voltage': cellMillivolts(at) / 1_000 },
})

export const zigbeeDoor = (name: string): PublishingDevice =>
  behindBridge('aqara/mccgq11lm', name, 50, (at) => {
    // The bridge was restarted at midnight: until the door moves, nothing is known of it.
    const known = hourOf(at) >= 7
    const open = doorIsOpen(at)
    return {
      state: { ...cell(at).state, contact: known ? !open : null, trigger_count: 3 },
      truth: { ...cell(at).truth, ...(known && { contact: open ? 0 : 1 }) },
    }
  })

export const zigbeeMotion = (name: string): PublishingDevice =>
  behindBridge('aqara/rtcgq11lm', name, 45, (at) => {
    const moves = somebodyMoves(at)
    const lux = roomLux(at, 0)
    return {
      state: { ...cell(at).state, occupancy: moves, illuminance: lux },
      truth: { ...cell(at).truth, motion: moves ? 1 : 0, illuminance: lux },
    }
  })

export const zigbeeLeak = (name: string): PublishingDevice =>
  behindBridge('aqara/sjcgq11lm', name, 50, (at) => {
    const wet = kitchenIsWet(at)
    return {
      state: { ...cell(at).state, water_leak: wet, tamper: false, battery_low: null },
      truth: { ...cell(at).truth, 'water-leak': wet ? 1 : 0, tamper: 0 },
    }
  })

export const zigbeeSmoke = (name: string): PublishingDevice =>
  behindBridge('heiman/hs1sa', name, 180, (at) => {
    const smokes = somethingBurns(at)
    const tested = isTried(at)
    return {
      state: { smoke: smokes, tamper: false, test: tested, battery_low: false, battery: cellPct(at) },
      truth: { smoke: smokes ? 1 : 0, tamper: 0, test: tested ? 1 : 0, battery: cellPct(at) },
    }
  })

export const zigbeePlug = (name: string): PublishingDevice =>
  behindBridge('tuya/ts011f-plug', name, 1, (at) => {
    const watts = kettleWatts(at, 0)
    const volts = mainsVolts(at, 0)
    const amperes = rounded(watts / volts, 2)
    const kilowattHours = rounded(wattHours(at) / 1_000, 2)
    return {
      state: {
        child_lock: 'LOCK',
        current: amperes,
        energy: kilowattHours,
        power: watts,
        state: 'ON',
        update: { state: null },
        voltage: volts,
      },
      truth: { 'active-power': watts, 'active-energy': kilowattHours, voltage: volts, current: amperes, switch: 1 },
    }
  })

export const zigbeeFallRadar = (name: string): PublishingDevice =>
  behindBridge('tuya/mir-he200-ty', name, 20, (at) => {
    const present = somebodyIsInTheBedroom(at)
    const fallen = somebodyLiesOnTheFloor(at)
    const lux = roomLux(at, 0)
    return {
      state: {
        presence: present,
        motion_state: present ? 'small' : 'none',
        fall_down_status: fallen ? 'fall' : 'none',
        tumble_switch: 'ON',
        illuminance: lux,
      },
      truth: { presence: present ? 1 : 0, fall: fallen ? 1 : 0, 'maybe-fall': fallen ? 1 : 0, illuminance: lux },
    }
  })

const actionOver = (at: Instant) => JSON.stringify({ action: '', battery_low: false, linkquality: linkQuality(at) })

/** A button pressed on trial at nine each morning. Behind a press the bridge says that the action is over. */
export const zigbeeSos = (name: string): PublishingDevice => {
  const button = behindBridge('loginovo/zg-101z', name, 60, (at) => ({
    state: { action: isTried(at) ? 'sos' : null, battery_low: false },
    truth: { 'battery-low': 0 },
  }))
  return {
    ...button,
    publish: (at) => [
      ...button.publish(at),
      ...(isTried(at) ? [{ topic: button.topic, payload: actionOver(at), retain: false }] : []),
    ],
  }
}
