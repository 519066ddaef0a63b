import { volumeMeter } from '../volume-meter.ts'

export default volumeMeter({
  id: 'cjt188/cold-water',
  name: 'Cold water meter, CJ/T 188',
  models: ['CJ/T 188 type 10'],
  meterType: 0x10,
  quantity: 'water-volume',
  walkTest: 'Fill a bucket of ten litres from the cold tap.',
})
