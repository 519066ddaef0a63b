import { modbusProfile } from '../../protocols/modbus-rtu/modbus-profile.ts'
import { singlePhase } from '../single-phase.ts'

export default modbusProfile({
  id: 'eastron/sdm120',
  name: 'Single-phase electricity meter SDM120',
  models: ['SDM120', 'SDM120M', 'SDM120CT'],
  serial: { baud: 2400, parity: 'none', stopBits: 1 },
  ...singlePhase,
})
