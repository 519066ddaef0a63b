import { DomainError } from '@anju/contract'

/** Every meter on the bus: only when one hangs there. */
export const ANY_ADDRESS = 'AAAAAAAAAAAAAA'
export const ANY_TYPE = 0xaa

/** What may be asked of a meter: its values (01) and its address (03). There is no member for a write or a valve. */
export type Cjt188Read =
  | {
      readonly ask: 'data'
      readonly meterType: number
      readonly address: string
      readonly sequence: number
      /** The identifier high byte first, as it is printed: some makers' meters know only this order. */
      readonly turned?: boolean
    }
  | { readonly ask: 'address' }

/** @throws DomainError `request-malformed`, naming the field. */
export function encodeRead(read: Cjt188Read): Uint8Array {
  switch (read.ask) {
    case 'data':
      // DI 901F, "current values": the only identifier every meter answers.
      return wrap(byteOf('meterType', read.meterType), read.address, 0x01, [
        ...(read.turned === true ? [0x90, 0x1f] : [0x1f, 0x90]),
        byteOf('sequence', read.sequence),
      ])
    case 'address':
      return wrap(ANY_TYPE, ANY_ADDRESS, 0x03, [0x0a, 0x81, 0x00])
    default:
      throw new DomainError('request-malformed', 'ask: only data and address can be asked of a meter', { read })
  }
}

/** Not exported: whoever could call it could build a valve command. */
function wrap(meterType: number, address: string, control: 0x01 | 0x03, data: readonly number[]): Uint8Array {
  if (!/^\d{14}$/.test(address) && address !== ANY_ADDRESS)
    throw new DomainError('request-malformed', `address: not 14 digits, nor ${ANY_ADDRESS}`)
  const digits = Array.from({ length: 7 }, (_, i) => Number.parseInt(address.slice(12 - i * 2, 14 - i * 2), 16))
  const body = [0x68, meterType, ...digits, control, data.length, ...data]
  const sum = body.reduce((total, byte) => total + byte, 0) & 0xff
  return Uint8Array.of(0xfe, 0xfe, 0xfe, ...body, sum, 0x16)
}

function byteOf(field: string, value: number): number {
  if (!Number.isInteger(value) || value < 0 || value > 255)
    throw new DomainError('request-malformed', `${field}: not a whole number from 0 to 255`)
  return value
}
