import { DomainError } from '@anju/contract'

/**
 * What may be said to a meter: reset the link (SND_NKE) and ask for its data (REQ_UD2). There is no member that carries user
 * data to a meter, so none of its settings, its address, its speed or its valve can be changed.
 */
export type MbusAsk =
  | { readonly ask: 'reset-link'; readonly address: number }
  /** `frameCountBit` turns over with each new question, and stays when one is repeated. */
  | { readonly ask: 'data'; readonly address: number; readonly frameCountBit: boolean }

/** 0 is an unconfigured meter, 254 any single meter; 253 and 255 are not asked. */
const isAddress = (address: number): boolean =>
  Number.isInteger(address) && ((address >= 0 && address <= 250) || address === 254)

/** @throws DomainError `request-malformed`, naming the field. */
export function encodeAsk(ask: MbusAsk): Uint8Array {
  if (!isAddress(ask.address)) throw new DomainError('request-malformed', 'address: not 0 to 250, nor 254')
  switch (ask.ask) {
    case 'reset-link':
      return short(0x40, ask.address)
    case 'data':
      return short(ask.frameCountBit ? 0x7b : 0x5b, ask.address)
    default:
      throw new DomainError('request-malformed', 'ask: only reset-link and data')
  }
}

const short = (control: 0x40 | 0x5b | 0x7b, address: number): Uint8Array =>
  Uint8Array.of(0x10, control, address, (control + address) & 0xff, 0x16)
