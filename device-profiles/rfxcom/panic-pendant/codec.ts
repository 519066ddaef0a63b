import { DomainError } from '@anju/contract'
import { readSecurity, STATUS } from '../../protocols/rfxcom/reports.ts'
import type { Decoded, DriverMessages } from '../../src/profile.ts'

/** Panic is the call. Its end ends nothing of ours: whether the person is well is a person's to say. */
export function decode(packet: DriverMessages['rfxcom']): Decoded<'tamper' | 'battery'> {
  const { status, ofSmokeDetector, readings } = readSecurity(packet)
  if (ofSmokeDetector) throw new DomainError('frame-unknown', 'a smoke detector’s packet: panic of it is smoke')
  return { readings, events: status === STATUS.panic ? ['sos-pressed'] : [] }
}
