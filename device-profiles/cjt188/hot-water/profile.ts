import { volumeMeter } from '../volume-meter.ts'

export default volumeMeter({
  id: 'cjt188/hot-water',
  name: 'Hot water meter, CJ/T 188',
  models: ['CJ/T 188 type 11'],
  meterType: 0x11,
  quantity: 'water-volume',
  walkTest: 'Fill a bucket of ten litres from the hot tap.',
})
