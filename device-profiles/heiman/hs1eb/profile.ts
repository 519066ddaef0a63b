import { reading } from '@anju/contract'
import { anyPress, anyPressButton, sosDecoder } from '../../protocols/zigbee2mqtt/sos-button.ts'
import { defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'

const says = publishedOn('zigbee2mqtt/hall button')

export default defineProfile({
  id: 'heiman/hs1eb',
  name: 'SOS button HS1EB',
  models: ['HS1EB', 'HS1EB-E', 'HS1EB/HS1EB-E', 'SOS-EM', 'SOS-EF-3.0'],
  ...anyPressButton,
  knownFaults: [
    { firmware: 'any', fault: 'With a nearly empty battery its presses are not told; change it at the first warning.' },
    { firmware: 'any', fault: 'Most tell every press as single, however it was made.' },
  ],
  decode: sosDecoder({ ...anyPress, off: null }),
  examples: [
    ...anyPressButton.examples,
    {
      when: 'let go: the zone is at rest',
      input: says({ action: 'off', battery: 51.5 }),
      reads: { battery: reading(51.5) },
    },
    {
      when: 'pressed, in the word of a bridge before version 1.17',
      input: says({ click: 'single', battery: 51.5 }),
      reads: { battery: reading(51.5) },
      events: ['sos-pressed'],
    },
  ],
})
