import { equipmentReadings, isPressed, nothing } from '../../protocols/esp3/equipment-readings.ts'
import type { Decoded, DriverMessages } from '../../src/profile.ts'

/** Pressing is the call. Letting go says nothing more than that the pendant works. */
export function decode(telegram: DriverMessages['esp3']): Decoded<'signal-strength'> {
  const said = equipmentReadings('F6-02-02', telegram, [])
  if (!said) return nothing
  return isPressed(telegram) ? { ...said, events: ['sos-pressed'] } : { ...said, heartbeat: true }
}
