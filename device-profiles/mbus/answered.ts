import { reading } from '@anju/contract'
import type { MbusAnswer } from '../protocols/mbus/exchange.ts'
import { bytesOfHex } from '../src/byte-reader.ts'

/** A telegram with these records, for the examples: of meter 12345678, access 7, with a status of its own. */
export const answered = (medium: string, records: string, status = '00'): MbusAnswer => ({
  is: 'long',
  control: 0x08,
  address: 1,
  ci: 0x72,
  data: bytesOfHex(`78 56 34 12 24 40 01 ${medium} 07 ${status} 00 00 ${records}`),
})

/** What a meter whose status byte is 0 says of itself. */
export const well = { 'battery-low': reading(0), 'device-fault': reading(0) }
