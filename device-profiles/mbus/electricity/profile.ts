import { absent, minutes, reading } from '@anju/contract'
import { answered } from '../answered.ts'
import { mbusMeter } from '../meter.ts'

export default mbusMeter({
  id: 'mbus/electricity',
  name: 'Electricity meter, M-Bus',
  models: ['M-Bus electricity meter', 'EN 13757-3 electricity meter'],
  supervision: { reportEvery: minutes(1), lostAfter: minutes(4) },
  measures: {
    'active-energy': { quantity: 'active-energy-import', name: 'Active energy, import' },
    'active-energy-tariff-1': { quantity: 'active-energy-import', name: 'Active energy, import, tariff 1' },
    'active-energy-tariff-2': { quantity: 'active-energy-import', name: 'Active energy, import, tariff 2' },
    'active-power': { quantity: 'active-power', name: 'Active power' },
    voltage: { quantity: 'electric-potential', name: 'Voltage' },
    current: { quantity: 'electric-current', name: 'Current' },
  },
  events: {},
  walkTest: { do: 'Switch a kettle on.', proves: 'active-power' },
  media: [0x02],
  records: { 'active-energy': 'Energy', 'active-power': 'Power', voltage: 'Voltage', current: 'Current' },
  examples: [
    {
      when: 'everything it has',
      input: [
        answered(
          '02',
          '04 04 D6 12 00 00 84 10 04 B8 0B 00 00 84 20 04 1E 07 00 00 02 2B 4D 01 02 FD 48 F7 08 02 FD 59 A4 00',
        ),
      ],
      reads: {
        'active-energy': reading(48.22),
        'active-energy-tariff-1': reading(30),
        'active-energy-tariff-2': reading(18.22),
        'active-power': reading(333),
        voltage: reading(229.5),
        current: reading(0.164),
      },
    },
    {
      when: 'a total that is there and cannot be read',
      input: [answered('02', '0C 04 FF FF FF FF')],
      reads: { 'active-energy': absent('invalid') },
    },
    { when: 'a heat meter', input: [answered('04', '0C 06 12 34 00 00')], fails: 'frame-unknown' },
    { when: 'a record cut off', input: [answered('02', '04 04 D6 12')], fails: 'frame-malformed' },
  ],
})
