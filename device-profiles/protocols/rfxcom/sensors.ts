import { absent, reading } from '@anju/contract'
import { type ByteReader, decimal, hexOf } from '../../src/byte-reader.ts'
import type { PointReading } from '../../src/telling.ts'
import { humidity, idOf, type Read, signed, temperature, withRssi, withSignal } from './content.ts'

const HUMIDITY_STATUSES = ['normal', 'comfort', 'dry', 'wet']
const FORECASTS = ['none', 'sunny', 'partly_cloudy', 'cloudy', 'rain']
const humidityStatus = (raw: number) => ({
  humidityStatus: HUMIDITY_STATUSES[raw] ?? null,
  humidityStatusNumber: raw,
})
const forecast = (raw: number) => ({ forecast: FORECASTS[raw] ?? null, forecastNumber: raw })
const pressure = (hectopascal: number): PointReading => ({
  point: 'pressure',
  quantity: 'atmospheric-pressure',
  reading: reading(hectopascal),
})

export const temp: Read = (input, packet) => ({
  kind: 'temp',
  words: { id: idOf(input), ...withSignal(packet) },
  readings: [temperature(signed(input.u16be()))],
})

export const hum: Read = (input, packet) => {
  const id = idOf(input)
  const readings = [humidity(input.u8())]
  return { kind: 'hum', words: { id, ...humidityStatus(input.u8()), ...withSignal(packet) }, readings }
}

export const tempHum: Read = (input, packet) => {
  const id = idOf(input)
  const readings = [temperature(signed(input.u16be())), humidity(input.u8())]
  return { kind: 'temp_hum', words: { id, ...humidityStatus(input.u8()), ...withSignal(packet) }, readings }
}

export const baro: Read = (input, packet) => {
  const id = idOf(input)
  const readings = [pressure(input.u16be())]
  return { kind: 'baro', words: { id, ...forecast(input.u8()), ...withSignal(packet) }, readings }
}

export const tempHumBaro: Read = (input, packet) => {
  const id = idOf(input)
  const climate = [temperature(signed(input.u16be())), humidity(input.u8())]
  const status = humidityStatus(input.u8())
  const readings = [...climate, pressure(input.u16be())]
  return { kind: 'temp_hum_baro', words: { id, ...status, ...forecast(input.u8()), ...withSignal(packet) }, readings }
}

/** A meat thermometer: whole degrees of two probes. */
export const bbq: Read = (input, packet) => {
  const id = idOf(input)
  const readings = [temperature(signed(input.u16be(), 0)), temperature(signed(input.u16be(), 0), 'temperature-2')]
  return { kind: 'bbq', words: { id, ...withSignal(packet) }, readings }
}

export const tempRain: Read = (input, packet) => {
  const id = idOf(input)
  const readings = [temperature(signed(input.u16be()))]
  return {
    kind: 'temp_rain',
    words: { id, rainTotalMm: decimal(input.u16be() & 0x7fff, -1), ...withSignal(packet) },
    readings,
  }
}

/** Rain gauges that count the tips of a bucket, in the low bytes of the total. */
const TIPS: Readonly<Record<number, readonly [thousandthsMm: number, mask: number]>> = {
  0x06: [266, 0xff],
  0x08: [200, 0xff],
  0x09: [254, 0xffff],
  0x0a: [100, 0xffff],
}
export const rain: Read = (input, packet) => {
  const id = idOf(input)
  const rate = input.u16be()
  const total = input.u8() * 0x1_0000 + input.u16be()
  const tip = TIPS[packet.subtype]
  const rateExponent = { 0x01: 0, 0x02: -2 }[packet.subtype]
  return {
    kind: 'rain',
    words: {
      id,
      ...(rateExponent === undefined ? {} : { rainRateMmH: decimal(rate, rateExponent) }),
      rainTotalMm: tip ? decimal((total & tip[1]) * tip[0], -3) : decimal(total, -1),
      ...withSignal(packet),
    },
  }
}

/** Metres a second. Subtype 5 has no average, and only 4, 8 and 9 have a thermometer. */
export const wind: Read = (input, packet) => {
  const id = idOf(input)
  const [directionDeg, average, gust, degrees, chill] = [0, 1, 2, 3, 4].map(() => input.u16be())
  const { subtype } = packet
  const thermometer = [0x04, 0x08, 0x09].includes(subtype)
  return {
    kind: 'wind',
    words: {
      id,
      ...(subtype === 0x08 ? {} : { directionDeg }),
      ...(subtype === 0x05 ? {} : { averageMs: decimal(average ?? 0, -1) }),
      gustMs: decimal(gust ?? 0, -1),
      ...(thermometer && subtype !== 0x08 ? { chillC: signed(chill ?? 0) } : {}),
      ...withSignal(packet),
    },
    readings: thermometer ? [temperature(signed(degrees ?? 0))] : [],
  }
}

export const uv: Read = (input, packet) => {
  const words = { id: idOf(input), uvIndex: decimal(input.u8(), -1), ...withSignal(packet) }
  return { kind: 'uv', words, readings: packet.subtype === 0x03 ? [temperature(signed(input.u16be()))] : [] }
}

export const thermostat1: Read = (input, packet) => {
  const id = idOf(input)
  const readings = [temperature(input.u8())]
  const setpointC = input.u8()
  return {
    kind: 'thermostat1',
    words: { id, ...(packet.subtype === 0x01 ? {} : { setpointC }), ...withRssi(packet) },
    readings,
  }
}

export const weight: Read = (input, packet) => ({
  kind: 'weight',
  words: { id: idOf(input), weightKg: decimal(input.u16be(), -1), ...withSignal(packet) },
})

/** An RFXSensor: one byte of id, and by its subtype hundredths of degrees or a voltage, whose unit programs disagree on. */
export const rfxSensor: Read = (input, packet) => {
  const id = hexOf(input.bytes(1))
  const raw = input.u16be()
  const hot = packet.subtype === 0x00
  return {
    kind: 'rfxsensor',
    words: { id, ...(hot ? {} : { raw }), ...withRssi(packet) },
    readings: hot ? [temperature(signed(raw, -2))] : [],
  }
}

/** A counter of pulses; what a pulse is, its owner knows. Subtypes from 1 on are its set-up. */
export const rfxMeter: Read = (input, packet) => {
  const id = idOf(input)
  const counter = input.u32be()
  return {
    kind: 'rfxmeter',
    words: { id, idPrinted: id.slice(0, 2), ...(packet.subtype === 0x00 ? { counter } : {}), ...withRssi(packet) },
  }
}

const current = (phase: string, input: ByteReader): PointReading => ({
  point: `current-${phase}`,
  quantity: 'electric-current',
  reading: reading(decimal(input.u16be(), -1)),
})
/** The total counts 1/223.666 Wh. Between two totals some clamps send 0: not reported, never a counter at nothing. */
function owlEnergy(input: ByteReader): PointReading {
  const total = input.u16be() * 0x1_0000_0000 + input.u32be()
  return {
    point: 'active-energy',
    quantity: 'active-energy-import',
    reading: total === 0 ? absent('not-reported') : reading(total / 223_666),
  }
}

/** Clamps of current: tenths of amperes on three channels. */
export const elec1: Read = (input, packet) => {
  const words = { id: idOf(input), count: input.u8(), ...withSignal(packet) }
  return { kind: 'elec1', words, readings: ['a', 'b', 'c'].map((phase) => current(phase, input)) }
}

/** ELEC2 (CM119, CM160) and ELEC3 (CM180) share the type. */
export const elec2: Read = (input, packet) => {
  const words = { id: idOf(input), count: input.u8(), ...withSignal(packet) }
  const watts = reading(input.u32be())
  return {
    kind: packet.subtype === 0x02 ? 'elec3' : 'elec2',
    words: { ...words, ...(packet.subtype === 0x02 ? { kindPrinted: 'elec2' } : {}) },
    readings: [{ point: 'active-power', quantity: 'active-power', reading: watts }, owlEnergy(input)],
  }
}

export const elec4: Read = (input, packet) => {
  const words = { id: idOf(input), count: input.u8(), ...withSignal(packet) }
  const currents = ['a', 'b', 'c'].map((phase) => current(phase, input))
  return { kind: 'elec4', words, readings: [...currents, owlEnergy(input)] }
}

/** Revolt plugs: the total counts hundredths of kWh. */
export const elec5: Read = (input, packet) => {
  const id = idOf(input)
  const values = {
    voltage: reading(input.u8()),
    current: reading(decimal(input.u16be(), -2)),
    power: reading(decimal(input.u16be(), -1)),
    energy: reading(decimal(input.u16be(), -2)),
    factor: reading(decimal(input.u8(), -2)),
    frequency: reading(input.u8()),
  }
  return {
    kind: 'elec5',
    words: { id, ...withRssi(packet) },
    readings: [
      { point: 'voltage', quantity: 'electric-potential', reading: values.voltage },
      { point: 'current', quantity: 'electric-current', reading: values.current },
      { point: 'active-power', quantity: 'active-power', reading: values.power },
      { point: 'active-energy', quantity: 'active-energy-import', reading: values.energy },
      { point: 'power-factor', quantity: 'power-factor', reading: values.factor },
      { point: 'frequency', quantity: 'frequency', reading: values.frequency },
    ],
  }
}
