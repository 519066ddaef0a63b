import { anyPressButton } from '../../protocols/zigbee2mqtt/sos-button.ts'
import { defineProfile } from '../../src/profile.ts'

export default defineProfile({
  id: 'multir/mir-so100',
  name: 'SOS button MIR-SO100',
  models: ['MIR-SO100'],
  ...anyPressButton,
})
