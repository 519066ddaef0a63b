import { CHANNELS, type Step, type Target, type TrackPolicy } from '@anju/contract/api'
import * as fc from 'fast-check'

const target: fc.Arbitrary<Target> = fc.constantFrom<Target>(
  { to: 'queue' },
  { to: 'supervisors' },
  { to: 'contact', position: 1 },
  { to: 'responders' },
  { to: 'next-centre' },
)
const wave = fc.record({
  channels: fc.subarray([...CHANNELS], { minLength: 1, maxLength: 2 }),
  timeoutS: fc.integer({ min: 1, max: 120 }),
})
const step: fc.Arbitrary<Step> = fc.record({
  targets: fc.array(target, { minLength: 1, maxLength: 2 }),
  waves: fc.array(wave, { minLength: 1, maxLength: 3 }),
})
/** Any policy of a track. */
export const anyPolicy: fc.Arbitrary<TrackPolicy> = fc.record({
  startAfterS: fc.constantFrom(0, 0, 40, 900),
  repeatAfterS: fc.integer({ min: 10, max: 200 }),
  quietWhileHeld: fc.boolean(),
  steps: fc.array(step, { minLength: 1, maxLength: 4 }),
})
