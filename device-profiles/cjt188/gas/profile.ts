import { volumeMeter } from '../volume-meter.ts'

export default volumeMeter({
  id: 'cjt188/gas',
  name: 'Gas meter, CJ/T 188',
  models: ['CJ/T 188 type 30'],
  meterType: 0x30,
  quantity: 'gas-volume',
  walkTest: 'Boil two litres of water on the gas cooker.',
})
