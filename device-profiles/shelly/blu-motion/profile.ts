import { reading } from '@anju/contract'
import { BLU_DEVICE, bluDevice, bluPacket, bluSensor } from '../../protocols/shelly-gen2/blu.ts'
import { defineProfile } from '../../src/profile.ts'
import { cutOff, hears, lightSensor, says, script } from '../blu.ts'

const component = { device: 'bthomedevice:200', motion: 'bthomesensor:203', illuminance: 'bthomesensor:204' }

export default defineProfile({
  id: 'shelly/blu-motion',
  name: 'Motion sensor Shelly BLU Motion',
  models: ['SBMO-003Z'],
  ...lightSensor,
  measures: {
    motion: { quantity: 'motion', name: 'Motion' },
    ...lightSensor.measures,
  },
  options: { device: BLU_DEVICE, motion: bluSensor('motion'), illuminance: bluSensor('light sensor') },
  walkTest: { do: 'Walk through the room after a minute in which nobody moved.', proves: 'motion' },
  wiring: [
    'Two metres high in a corner, within reach of a Shelly that acts as Bluetooth gateway.',
    'Turn the beacon mode on, so that an empty room is told from a dead sensor.',
  ],
  decode: bluDevice({ points: { motion: 'switch', illuminance: 'number' } }),
  examples: [
    {
      when: 'somebody moves; the button is the one under its cover',
      options: script,
      input: hears([bluPacket({ pid: 16, battery: 100, illuminance: 109, motion: 1, button: 1 })]),
      reads: { motion: reading(1), illuminance: reading(109), battery: reading(100) },
    },
    {
      when: 'nobody moves any more, told by the gateway itself',
      options: component,
      input: says({ 'bthomesensor:203': { id: 203, value: false }, 'bthomesensor:204': { id: 204, value: 88 } }),
      reads: { motion: reading(0), illuminance: reading(88) },
    },
    {
      when: 'another sensor behind the same gateway',
      options: script,
      input: hears([bluPacket({ pid: 3, motion: 1, address: '00:11:22:33:44:55' })]),
      reads: {},
    },
    cutOff,
  ],
})
