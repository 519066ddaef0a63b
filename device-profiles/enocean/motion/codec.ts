import { equipmentReadings, nothing } from '../../protocols/esp3/equipment-readings.ts'
import type { DriverMessages } from '../../src/profile.ts'

export const decode = (telegram: DriverMessages['esp3']) =>
  equipmentReadings('A5-07-01', telegram, ['motion']) ?? nothing
