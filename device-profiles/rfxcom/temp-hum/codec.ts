import { readTemperatureHumidity } from '../../protocols/rfxcom/reports.ts'
import type { Decoded, DriverMessages } from '../../src/profile.ts'

export const decode = (packet: DriverMessages['rfxcom']): Decoded<'temperature' | 'humidity' | 'battery'> => ({
  readings: readTemperatureHumidity(packet),
  events: [],
})
