import { DomainError } from '@anju/contract'

/** Speeds a meter may offer in the fifth byte of its identification, in mode C (§6.3.14). */
const BAUDS: Readonly<Record<string, number>> = {
  '0': 300,
  '1': 600,
  '2': 1_200,
  '3': 2_400,
  '4': 4_800,
  '5': 9_600,
  '6': 19_200,
}

/** What the handshake needs of `/XXXZident`. */
export interface Identification {
  /** Three letters, by the FLAG register. */
  readonly maker: string
  readonly baudCode: string
  /** Undefined when the character is no mode C speed: the meter then stays at the one it has. */
  readonly baud?: number
  readonly model: string
}

/** @throws DomainError `frame-malformed` when the text between `/` and the line end is no identification. */
export function readIdentification(ident: string): Identification {
  const match = /^([A-Za-z]{3})([ -~])([ -~]{0,60})$/.exec(ident)
  if (!match) throw new DomainError('frame-malformed', 'ident: not three letters, a speed and a name')
  const [, maker = '', baudCode = '', model = ''] = match
  const baud = Object.hasOwn(BAUDS, baudCode) ? BAUDS[baudCode] : undefined
  return { maker, baudCode, model, ...(baud === undefined ? {} : { baud }) }
}

/**
 * What may be said to a meter: who are you, at which speed shall you read out, and good-bye. The programming mode (last digit
 * 1 of the acknowledgement; commands P, W, R, E) has no member here and no function that could make it.
 */
export type Iec62056Send =
  /** `/?!` for the only meter under the head, or with its address on a shared line. */
  | { readonly say: 'request'; readonly address?: string }
  /** `06 30 Z 30`: normal protocol, speed Z, data readout. */
  | { readonly say: 'read-out'; readonly baudCode: string }
  | { readonly say: 'sign-off' }

/** Seven-bit bytes; the port adds the parity. @throws DomainError `request-malformed`, naming the field. */
export function encodeSend(send: Iec62056Send): Uint8Array {
  switch (send.say) {
    case 'request': {
      const address = send.address ?? ''
      if (!/^[0-9A-Za-z ]{0,32}$/.test(address))
        throw new DomainError('request-malformed', 'address: not up to 32 letters, digits and blanks')
      return ascii(`/?${address}!\r\n`)
    }
    case 'read-out': {
      if (!/^[0-6]$/.test(send.baudCode))
        throw new DomainError('request-malformed', 'baudCode: not a speed of mode C, 0 to 6')
      return ascii(`\u00060${send.baudCode}0\r\n`)
    }
    case 'sign-off':
      return ascii('\u0001B0\u0003q')
    default:
      throw new DomainError('request-malformed', 'say: only request, read-out and sign-off can be said to a meter')
  }
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0))
