import { modbusProfile } from '../../protocols/modbus-rtu/modbus-profile.ts'
import { singlePhase } from '../single-phase.ts'

export default modbusProfile({
  id: 'eastron/sdm230',
  name: 'Single-phase electricity meter SDM230',
  models: ['SDM230', 'SDM220'],
  serial: { baud: 9600, parity: 'none', stopBits: 1 },
  ...singlePhase,
})
