import { reading } from '@anju/contract'
import type { Iec62056Readout } from '../protocols/iec62056-21/framing.ts'

/** A readout as a meter prints it, for the examples. */
export const printed = (checked: boolean, ...lines: string[]): Iec62056Readout => ({
  is: 'readout',
  ident: checked ? 'EMH5\\@01LZQJL0013F' : 'HAG3EHZ361Z5',
  data: `${lines.join('\r\n')}\r\n`,
  checked,
})

/** Every register that is read, in the short codes of an optical head. */
export const registersRead = [
  '1.8.0(061561.289*kWh)',
  '1.8.1(042951.721*kWh)',
  '1.8.2(018609.568*kWh)',
  '1.8.3(000000.000*kWh)',
  '1.8.4(000000.000*kWh)',
  '2.8.0(000174.210*kWh)',
  '2.8.1(000170.010*kWh)',
  '2.8.2(000004.200*kWh)',
  '1.7.0(02.027*kW)',
  '2.7.0(00.000*kW)',
  '16.7.0(02.027*kW)',
  '21.7.0(00.500*kW)',
  '41.7.0(01.500*kW)',
  '61.7.0(00.027*kW)',
  '22.7.0(00.000*kW)',
  '42.7.0(00.000*kW)',
  '62.7.0(00.000*kW)',
  '36.7.0(00.500*kW)',
  '56.7.0(01.500*kW)',
  '76.7.0(00.027*kW)',
  '32.7.0(231.4*V)',
  '52.7.0(229.8*V)',
  '72.7.0(230.0*V)',
  '31.7.0(002.17*A)',
  '51.7.0(006.60*A)',
  '71.7.0(000.12*A)',
  '13.7.0(0.98)',
  '14.7.0(50.02*Hz)',
]
/** Between what a meter prints besides: its error register and number, and the total of an earlier month. */
export const everyRegister = ['F.F(00000000)', '0.0.0(00123456)', ...registersRead, '1.8.0*03(060999.000*kWh)']

export const everyReading = {
  'active-energy': reading(61_561.289),
  'active-energy-tariff-1': reading(42_951.721),
  'active-energy-tariff-2': reading(18_609.568),
  'active-energy-tariff-3': reading(0),
  'active-energy-tariff-4': reading(0),
  'active-energy-reverse': reading(174.21),
  'active-energy-reverse-tariff-1': reading(170.01),
  'active-energy-reverse-tariff-2': reading(4.2),
  'active-power': reading(2_027),
  'active-power-reverse': reading(0),
  'active-power-net': reading(2_027),
  'active-power-a': reading(500),
  'active-power-b': reading(1_500),
  'active-power-c': reading(27),
  'active-power-reverse-a': reading(0),
  'active-power-reverse-b': reading(0),
  'active-power-reverse-c': reading(0),
  'active-power-net-a': reading(500),
  'active-power-net-b': reading(1_500),
  'active-power-net-c': reading(27),
  'voltage-a': reading(231.4),
  'voltage-b': reading(229.8),
  'voltage-c': reading(230),
  'current-a': reading(2.17),
  'current-b': reading(6.6),
  'current-c': reading(0.12),
  'power-factor': reading(0.98),
  frequency: reading(50.02),
}
