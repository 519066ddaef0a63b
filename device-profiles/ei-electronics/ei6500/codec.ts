import { type Reading, reading } from '@anju/contract'
import { objectOf, textAt } from '../../src/json-payload.ts'
import type { Decoded, DeviceOptions, MqttMessage } from '../../src/profile.ts'

type Decode<Point extends string> = (message: MqttMessage, options: DeviceOptions) => Decoded<Point>

/** This detector writes its voltage as text with the unit: `3.00V`. */
export const withVoltage =
  <Point extends string>(decode: Decode<Point>): Decode<Point | 'battery-voltage'> =>
  (message, options) => {
    const decoded = decode(message, options)
    const volts = /^(\d\.\d{1,3})V$/.exec(textAt(objectOf(message.payload), 'battery_level') ?? '')?.[1]
    const readings: Partial<Record<Point | 'battery-voltage', Reading>> = {}
    Object.assign(readings, decoded.readings)
    if (volts !== undefined) readings['battery-voltage'] = reading(Number(volts))
    return { ...decoded, readings }
  }
