import { expect, test } from 'vitest'
import { crc8, crc16Arc, crc16Modbus, crc16X25 } from './crc.ts'

/** The check values of the public catalogue of CRCs, all over these nine bytes. */
const bytes = new TextEncoder().encode('123456789')

test.for([
  ['CRC-16/ARC', crc16Arc, 0xbb3d],
  ['CRC-16/MODBUS', crc16Modbus, 0x4b37],
  ['CRC-16/X-25', crc16X25, 0x906e],
  ['CRC-8', crc8, 0xf4],
] as const)('%s', ([, crc, check]) => {
  expect(crc(bytes)).toBe(check)
})
