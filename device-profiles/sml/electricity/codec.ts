import type { SmlFile } from '../../protocols/sml/framing.ts'
import { tellFile } from '../../protocols/sml/tell.ts'
import { electricityMeasures, spokenOf } from '../../src/electricity-measures.ts'
import type { Decoded } from '../../src/profile.ts'

export const decode = (file: SmlFile): Decoded<keyof typeof electricityMeasures> => ({
  readings: spokenOf(electricityMeasures, tellFile(file).readings),
  events: [],
})
