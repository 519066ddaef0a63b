import type { Iec62056Readout } from '../../protocols/iec62056-21/framing.ts'
import { setsOf } from '../../protocols/iec62056-21/tell.ts'
import { electricityMeasures, registersSpoken } from '../../src/electricity-measures.ts'
import type { Decoded } from '../../src/profile.ts'

/** Asked or not, a meter prints the same registers. */
export const decode = (readout: Iec62056Readout): Decoded<keyof typeof electricityMeasures> => ({
  readings: registersSpoken(electricityMeasures, setsOf(readout).first.values()),
  events: [],
})
