import { defineRegisterMap } from '../../protocols/modbus-rtu/register-map.ts'
import { singlePhase } from '../single-phase.ts'

export default defineRegisterMap({
  id: 'eastron/sdm230',
  name: 'Single-phase electricity meter SDM230',
  models: ['SDM230', 'SDM220'],
  serial: { baud: 9600, parity: 'none', stopBits: 1 },
  ...singlePhase,
})
