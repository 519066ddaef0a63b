import type { Sent } from '../channel.ts'

/** A telephone number, understood. */
export interface Phone {
  /** With `+` and country code. */
  readonly e164: string
  /** As it is dialled inside mainland China: a mobile bare, a landline with its 0; null for a number elsewhere. */
  readonly mainland: string | null
  readonly mainlandMobile: boolean
}

const MOBILE = /^1[3-9]\d{9}$/

/** E.164, or a mainland Chinese mobile without its country code; undefined for anything else. */
export function phoneOf(address: string): Phone | undefined {
  const e164 = MOBILE.test(address) ? `+86${address}` : address
  if (!/^\+[1-9]\d{6,14}$/.test(e164)) return undefined
  if (!e164.startsWith('+86')) return { e164, mainland: null, mainlandMobile: false }
  const national = e164.slice(3)
  const mainlandMobile = MOBILE.test(national)
  // Area codes are two or three digits after the 0, and no subscriber's whole number has fewer than nine or more than eleven.
  if (!mainlandMobile && !/^[2-9]\d{8,10}$|^10\d{8}$/.test(national)) return undefined
  return { e164, mainland: mainlandMobile ? national : `0${national}`, mainlandMobile }
}

/** Refused before the wire: no provider can make anything of it. */
export const numberMalformed: Sent = { outcome: 'failed', why: 'number-malformed', addressDead: true }
