import { formatInstant, type Instant, minutes } from '@anju/contract'
import type { Publication, PublishingDevice } from '../device.ts'
import {
  balconyCelsius,
  boilerLeaks,
  cellMillivolts,
  cellPct,
  doorIsOpen,
  flicker,
  humidityPct,
  isTried,
  rounded,
  somebodyIsInTheBedroom,
  somebodyLiesOnTheFloor,
  somethingBurns,
} from '../signals.ts'

/**
 * Devices behind ChirpStack v4 (its documentation, "Event types"): what they sent as base64, heard by two gateways, and beside
 * it the opinion of a codec, which nobody should read. Bytes are laid out as the makers' manuals say.
 */
const application = '17c82e96-be03-4f38-aef3-f83d48582d97'
const low16 = (value: number) => [value & 0xff, (value >> 8) & 0xff]
const high16 = (value: number) => [(value >> 8) & 0xff, value & 0xff]

const told = (eui: string, event: string, at: Instant, fields: object): Publication => ({
  topic: `application/${application}/device/${eui}/event/${event}`,
  payload: JSON.stringify({
    deduplicationId: `3ac7e3c4-4401-4b8d-9386-${String(at).slice(-12).padStart(12, '0')}`,
    // Go writes nanoseconds.
    time: formatInstant(at).replace(/Z$/, '482916+00:00'),
    deviceInfo: { applicationId: application, deviceName: `device ${eui.slice(-4)}`, devEui: eui, tags: {} },
    ...fields,
  }),
  retain: false,
})

const sender = (
  profile: string,
  eui: string,
  every: number,
  fPort: number,
  bytes: (at: Instant) => readonly number[],
  truth: (at: Instant) => Readonly<Record<string, number>>,
): PublishingDevice => ({
  profile,
  topic: `application/+/device/${eui}/event/+`,
  every: minutes(every),
  truth,
  publish: (at) => [
    told(eui, 'up', at, {
      devAddr: '00189440',
      adr: true,
      dr: 5,
      fCnt: Math.floor(at / 60_000) % 65_536,
      fPort,
      confirmed: false,
      data: Buffer.from(bytes(at)).toString('base64'),
      object: { battery: -1, press: 'wrong on purpose' },
      rxInfo: [
        { gatewayId: '0016c001f153a14c', uplinkId: 4_217_106_255, rssi: -flicker(at, 80, 115), snr: 4.5 },
        { gatewayId: '0016c001f153a14d', uplinkId: 4_217_106_256, rssi: -flicker(at, 60, 79), snr: 9 },
      ],
    }),
    told(eui, 'log', at, { level: 'ERROR', code: 'UPLINK_CODEC', description: 'script error' }),
  ],
})

const milesightBattery = (at: Instant) => [0x01, 0x75, cellPct(at)]
const tenthsOfWarmth = (at: Instant) => rounded(balconyCelsius(at, 1) * 10, 0)
const halvesOfHumidity = (at: Instant) => rounded(humidityPct(at, 0) * 2, 0)

export const milesightButton = (eui: string): PublishingDevice =>
  sender(
    'milesight/ws101',
    eui,
    60,
    85,
    (at) => [...milesightBattery(at), ...(isTried(at) ? [0xff, 0x2e, 0x01] : [])],
    (at) => ({ battery: cellPct(at) }),
  )

export const milesightDoor = (eui: string): PublishingDevice => {
  return sender(
    'milesight/ws301',
    eui,
    60,
    85,
    (at) => [...milesightBattery(at), 0x03, 0x00, doorIsOpen(at) ? 1 : 0, 0x04, 0x00, 0],
    (at) => ({ contact: doorIsOpen(at) ? 0 : 1, tamper: 0, battery: cellPct(at) }),
  )
}

export const milesightClimate = (eui: string): PublishingDevice =>
  sender(
    'milesight/em300-th',
    eui,
    10,
    85,
    (at) => [
      ...milesightBattery(at),
      0x03,
      0x67,
      ...low16(tenthsOfWarmth(at) & 0xffff),
      0x04,
      0x68,
      halvesOfHumidity(at),
    ],
    (at) => ({ temperature: tenthsOfWarmth(at) / 10, humidity: halvesOfHumidity(at) / 2, battery: cellPct(at) }),
  )

/** A fall at night: the state of the room says it, and a record beside it. */
export const milesightFallRadar = (eui: string): PublishingDevice => {
  return sender(
    'milesight/vs373',
    eui,
    10,
    85,
    (at) => [
      0x03,
      0xf8,
      somebodyLiesOnTheFloor(at) ? 4 : somebodyIsInTheBedroom(at) ? 2 : 1,
      somebodyLiesOnTheFloor(at) ? 1 : 0,
      0x10,
      0x00,
      0x20,
      0x00,
      ...(somebodyLiesOnTheFloor(at) ? [0x06, 0xfb, 0x07, 0x00, 0x00, 0x01, 0x00] : []),
    ],
    (at) => ({ fall: somebodyLiesOnTheFloor(at) ? 1 : 0, presence: somebodyIsInTheBedroom(at) ? 1 : 0 }),
  )
}

export const draginoDoor = (eui: string): PublishingDevice => {
  return sender(
    'dragino/lds02',
    eui,
    60,
    10,
    (at) => [
      ...high16((doorIsOpen(at) ? 0x8000 : 0) | cellMillivolts(at)),
      0x01,
      0x00,
      0x1b,
      0xb3,
      0x00,
      0x00,
      0x03,
      0x00,
    ],
    (at) => ({ contact: doorIsOpen(at) ? 0 : 1, 'battery-voltage': cellMillivolts(at) / 1_000 }),
  )
}

export const draginoButton = (eui: string): PublishingDevice =>
  sender(
    'dragino/pb01',
    eui,
    60,
    2,
    (at) => [
      ...high16(cellMillivolts(at)),
      0x03,
      isTried(at) ? 1 : 0,
      ...high16(tenthsOfWarmth(at) & 0xffff),
      ...high16(halvesOfHumidity(at) * 5),
    ],
    (at) => ({
      temperature: tenthsOfWarmth(at) / 10,
      humidity: (halvesOfHumidity(at) * 5) / 10,
      'battery-voltage': cellMillivolts(at) / 1_000,
    }),
  )

const tenthsOfVolt = (at: Instant) => Math.round(cellMillivolts(at) / 100)

export const netvoxCarbonMonoxide = (eui: string): PublishingDevice => {
  return sender(
    'netvox/ra02c',
    eui,
    60,
    6,
    (at) => [
      0x01,
      0x11,
      0x01,
      (tenthsOfVolt(at) <= 27 ? 0x80 : 0) | tenthsOfVolt(at),
      boilerLeaks(at) ? 1 : 0,
      0,
      0,
      0,
      0,
      0,
      0,
    ],
    (at) => ({
      'carbon-monoxide': boilerLeaks(at) ? 1 : 0,
      'battery-low': tenthsOfVolt(at) <= 27 ? 1 : 0,
      'battery-voltage': tenthsOfVolt(at) / 10,
    }),
  )
}

export const yobiiqSmoke = (eui: string): PublishingDevice => {
  return sender(
    'yobiiq/sd-1001',
    eui,
    60,
    8,
    (at) => [1, 0, cellPct(at), 2, 0, 0, 3, 0, 0, 4, 0, 0, 5, 0, somethingBurns(at) ? 1 : 0, 6, 0, 0, 7, 0, 0],
    (at) => ({ smoke: somethingBurns(at) ? 1 : 0, fault: 0, test: 0, battery: cellPct(at) }),
  )
}
