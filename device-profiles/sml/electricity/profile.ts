import { absent, minutes, reading, seconds } from '@anju/contract'
import { bytesOfHex } from '../../src/byte-reader.ts'
import { electricityMeasures } from '../../src/electricity-measures.ts'
import { defineProfile } from '../../src/profile.ts'
import { decode } from './codec.ts'

const two = (byte: number) => (byte & 0xff).toString(16).padStart(2, '0')
/** DLMS units. */
const [WH, W, A, V, HZ] = [0x1e, 0x1b, 0x21, 0x23, 0x2c]

/** One value of a list: OBIS code C.D.E, unit, power of ten, a signed 32-bit number. */
function value(code: string, unit: number, scaler: number, digits: number): string {
  const cde = code.split('.').map((part) => two(Number(part)))
  const number = [24, 16, 8, 0].map((shift) => two(digits >> shift))
  return `77 07 01 00 ${cde.join(' ')} FF 01 01 62 ${two(unit)} 52 ${two(scaler)} 55 ${number.join(' ')} 01`
}

/** A file with one list of values, its transport already taken off. */
function file(...values: string[]) {
  const { length } = values
  const head = length < 16 ? two(0x70 | length) : `${two(0xf0 | (length >> 4))} ${two(length & 0x0f)}`
  const list = `77 01 0B 0A 01 45 4D 48 00 01 02 03 04 01 01 ${head} ${values.join(' ')} 01 01`
  return { content: bytesOfHex(`76 02 01 62 00 62 00 72 63 07 01 ${list} 63 00 00 00`) }
}

export default defineProfile({
  id: 'sml/electricity',
  name: 'Electricity meter with SML (German optical head)',
  driver: 'sml',
  serial: { baud: 9_600, dataBits: 8, parity: 'none', stopBits: 1 },
  models: ['SML 1.04', 'moderne Messeinrichtung', 'eHZ'],
  supervision: { reportEvery: seconds(10), lostAfter: minutes(2) },
  measures: electricityMeasures,
  events: {},
  walkTest: { do: 'Switch a kettle on.', proves: 'active-power-net' },
  wiring: [
    'Put the optical head on the INFO interface of the meter with its cable down; the port is 9600 8N1.',
    'Most meters say their power only after their PIN was given with a torch and "Inf" was set to on.',
  ],
  knownFaults: [
    {
      firmware: 'DZG DVS74 with numbers below 60 million',
      fault: 'Small powers lose their sign: a negative power of two bytes is absent.',
    },
  ],
  decode,
  examples: [
    {
      when: 'every value',
      input: file(
        value('1.8.0', WH, -1, 147_967_771),
        value('1.8.1', WH, -1, 100_000_000),
        value('1.8.2', WH, -1, 47_967_771),
        value('1.8.3', WH, -1, 0),
        value('1.8.4', WH, -1, 0),
        value('2.8.0', WH, -1, 20_124),
        value('2.8.1', WH, -1, 20_000),
        value('2.8.2', WH, -1, 124),
        value('1.7.0', W, 0, 0),
        value('2.7.0', W, 0, 200),
        value('16.7.0', W, 0, -200),
        value('21.7.0', W, 0, 0),
        value('41.7.0', W, 0, 0),
        value('61.7.0', W, 0, 50),
        value('22.7.0', W, 0, 150),
        value('42.7.0', W, 0, 100),
        value('62.7.0', W, 0, 0),
        value('36.7.0', W, -1, -1_500),
        value('56.7.0', W, -1, -1_000),
        value('76.7.0', W, -1, 500),
        value('32.7.0', V, -1, 2_304),
        value('52.7.0', V, -1, 2_311),
        value('72.7.0', V, -1, 2_298),
        value('31.7.0', A, -2, 66),
        value('51.7.0', A, -2, 44),
        value('71.7.0', A, -2, 22),
        // The power factor is a bare number.
        value('13.7.0', 0, -3, 981).replace(' 62 00 52', ' 01 52'),
        value('14.7.0', HZ, -1, 500),
      ),
      reads: {
        'active-energy': reading(14_796.7771),
        'active-energy-tariff-1': reading(10_000),
        'active-energy-tariff-2': reading(4_796.7771),
        'active-energy-tariff-3': reading(0),
        'active-energy-tariff-4': reading(0),
        'active-energy-reverse': reading(2.0124),
        'active-energy-reverse-tariff-1': reading(2),
        'active-energy-reverse-tariff-2': reading(0.0124),
        'active-power': reading(0),
        'active-power-reverse': reading(200),
        'active-power-net': reading(-200),
        'active-power-a': reading(0),
        'active-power-b': reading(0),
        'active-power-c': reading(50),
        'active-power-reverse-a': reading(150),
        'active-power-reverse-b': reading(100),
        'active-power-reverse-c': reading(0),
        'active-power-net-a': reading(-150),
        'active-power-net-b': reading(-100),
        'active-power-net-c': reading(50),
        'voltage-a': reading(230.4),
        'voltage-b': reading(231.1),
        'voltage-c': reading(229.8),
        'current-a': reading(0.66),
        'current-b': reading(0.44),
        'current-c': reading(0.22),
        'power-factor': reading(0.981),
        frequency: reading(50),
      },
    },
    {
      when: 'a meter whose PIN was not given',
      input: file(value('1.8.0', WH, 3, 14_796)),
      reads: { 'active-energy': reading(14_796) },
    },
    {
      when: 'an energy in watts',
      input: file(value('1.8.0', W, 0, 14_796), value('16.7.0', W, 0, 317)),
      reads: { 'active-energy': absent('invalid'), 'active-power-net': reading(317) },
    },
    {
      when: 'a list cut off',
      input: { content: bytesOfHex('76 02 01 62 00 62 00 72 63 07 01 77 01') },
      fails: 'frame-malformed',
    },
  ],
})
