import { absent, minutes, reading, seconds } from '@anju/contract'
import { everyReading, registersRead } from '../../iec62056/printed.ts'
import { defineProfile } from '../../src/profile.ts'
import { decode, p1Measures } from './codec.ts'

/** A telegram with its CRC proven, as the framing hands it on. */
const telegram = (...lines: string[]) => ({
  ident: 'ISK5\\2M550T-1012',
  data: `\r\n\r\n${lines.join('\r\n')}\r\n`,
  crc: '0000',
})
const at = (time: string) => `0-0:1.0.0(${time})`

export default defineProfile({
  id: 'dsmr/p1',
  name: 'Smart meter with a P1 port, and the gas, water and heat meters behind it',
  driver: 'dsmr-p1',
  serial: { baud: 115_200, dataBits: 8, parity: 'none', stopBits: 1 },
  models: ['DSMR 4', 'DSMR 5', 'DSMR 2', 'DSMR 3', 'e-MUCS P1'],
  supervision: { reportEvery: seconds(10), lostAfter: minutes(2) },
  measures: p1Measures,
  events: {},
  walkTest: { do: 'Switch a kettle on.', proves: 'active-power' },
  wiring: [
    'Plug a P1 cable into the RJ12 socket of the meter: it draws its own power, inverts the signal and requests the data.',
    'The port is 115200 8N1; meters up to version 3 of DSMR are 9600 7E1.',
    'Belgian and Luxembourgish meters must have their port opened by the grid operator.',
  ],
  decode,
  examples: [
    {
      when: 'three phases, two tariffs, gas, water, warm water and heat',
      input: telegram(
        '1-3:0.2.8(50)',
        at('260309120000W'),
        ...registersRead.filter((line) => !line.endsWith('*A)')).map((line) => `1-0:${line}`),
        // A P1 port tells whole amperes.
        '1-0:31.7.0(002*A)',
        '1-0:51.7.0(007*A)',
        '1-0:71.7.0(000*A)',
        '0-1:24.1.0(003)',
        '0-1:24.2.1(260309110000W)(12785.123*m3)',
        '0-2:24.1.0(007)',
        '0-2:24.2.1(260309080000W)(00285.001*m3)',
        '0-3:24.1.0(006)',
        '0-3:24.2.1(260309080000W)(00101.500*m3)',
        '0-4:24.1.0(004)',
        '0-4:24.2.1(260309110000W)(0012.600*GJ)',
      ),
      reads: {
        ...everyReading,
        'current-a': reading(2),
        'current-b': reading(7),
        'current-c': reading(0),
        'gas-volume': reading(12_785.123),
        'water-volume': reading(285.001),
        'warm-water-volume': reading(101.5),
        'heat-energy': reading(3_500),
      },
    },
    {
      when: 'a gas meter that has been silent since the morning',
      input: telegram(at('260309120000W'), '0-1:24.1.0(003)', '0-1:24.2.1(260309070000W)(12785.123*m3)'),
      reads: { 'gas-volume': absent('not-reported') },
    },
    {
      when: 'a gas meter that was taken away, and the new one on the next channel',
      input: telegram(
        at('260309120000W'),
        '0-1:24.1.0(003)',
        '0-1:24.2.1(251101070000W)(12785.123*m3)',
        '0-2:24.1.0(003)',
        '0-2:24.2.1(260309110000W)(00003.001*m3)',
      ),
      reads: { 'gas-volume': reading(3.001) },
    },
    {
      when: 'a gas meter that is declared and not there',
      input: telegram(
        at('260309120000W'),
        '1-0:1.8.1(000001.000*kWh)',
        '0-1:24.1.0(003)',
        '0-1:24.2.1(632525252525W)(00000.000)',
      ),
      reads: { 'active-energy-tariff-1': reading(1), 'gas-volume': absent('invalid') },
    },
    {
      when: 'the hour that comes twice in October',
      input: telegram(at('261025021500W'), '0-1:24.1.0(003)', '0-1:24.2.1(261025020000S)(12785.123*m3)'),
      reads: { 'gas-volume': reading(12_785.123) },
    },
    {
      when: 'a line that is no register, and no CRC to vouch for it',
      input: { ident: 'ISK5\\2MT382-1004', data: '\r\n\r\n1-0:1.8.1(00001.001*kWh)\r\n1-0:1.8.2(00001.0\r\n' },
      fails: 'frame-malformed',
    },
  ],
})
