import { DomainError, reading } from '@anju/contract'
import { readSecurity, STATUS } from '../../protocols/rfxcom/reports.ts'
import type { Decoded, DriverMessages } from '../../src/profile.ts'

/**
 * Smoke detectors say panic for smoke, again and again while they sound, and most never say that it is over: each of these
 * words is smoke now. A state would stay raised after the first fire, and the second one would change nothing.
 */
export function decode(packet: DriverMessages['rfxcom']): Decoded<'smoke' | 'tamper' | 'battery'> {
  const { status, ofSmokeDetector, readings } = readSecurity(packet)
  if (!ofSmokeDetector) throw new DomainError('frame-unknown', 'no smoke detector’s packet')
  switch (status) {
    case STATUS.panic:
      return { readings: { ...readings, smoke: reading(1) }, events: ['smoke'] }
    case STATUS.normal:
    case STATUS.endPanic:
      return { readings: { ...readings, smoke: reading(0) }, events: [] }
    default:
      return { readings, events: [] }
  }
}
