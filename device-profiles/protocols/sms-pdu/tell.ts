import { parse } from 'node-pdu'
import { hexOf } from '../../src/byte-reader.ts'
import { refusal, tellOne, told } from '../../src/tell-one.ts'
import { layoutOf, validityOf } from './layout.ts'

const INTERNATIONAL = 1
/** TP-Status below 0x20: the message arrived (3GPP TS 23.040 §9.2.3.15). */
const DELIVERED_BELOW = 0x20
/** From 0x40 on the centre no longer tries. */
const GIVEN_UP_FROM = 0x40

/**
 * A short message as a modem hands it on or takes it. A sender of letters is whoever the network says it is: never match it
 * against a contact.
 */
export const smsPdu = tellOne('sms-pdu', ({ bytes }) => {
  const layout = layoutOf(bytes)
  const { type, cmgsLength, validity, validUntilUtc, timeUtc, dischargeUtc, concat, trailingBytes } = layout
  const pdu = parsed(bytes)
  const number = numberOf(pdu.address)
  const head = {
    type,
    smsc: numberOf(pdu.serviceCenterAddress),
    cmgsLength,
    ...(trailingBytes > 0 ? { trailingBytes } : {}),
  }
  if ('status' in pdu) {
    const status = pdu.status
    return told({
      ...head,
      recipient: number,
      reference: pdu.reference,
      timeUtc,
      dischargeUtc,
      status,
      delivered: status < DELIVERED_BELOW,
      givenUp: status >= GIVEN_UP_FROM,
    })
  }
  return told({
    ...head,
    number,
    ...('messageReference' in pdu ? { reference: pdu.messageReference } : {}),
    text: pdu.data.getText(),
    concat,
    ...(timeUtc === undefined ? {} : { timeUtc }),
    ...(validity === undefined ? {} : validityOf(validity)),
    ...(validUntilUtc === undefined ? {} : { validUntilUtc }),
    protocolId: layout.protocolId,
    dataCoding: layout.coding,
  })
})

/** The library throws plain errors for what the network sent wrong; the layout is already proven. */
function parsed(bytes: Uint8Array): ReturnType<typeof parse> {
  try {
    return parse(hexOf(bytes))
  } catch (error) {
    throw refusal('not-this-protocol', `not a short message: ${error instanceof Error ? error.message : 'unreadable'}`)
  }
}

function numberOf(address: { readonly phone: string | null; readonly type: { readonly type: number } }): string | null {
  const { phone } = address
  if (phone === null || phone === '') return null
  return address.type.type === INTERNATIONAL && /^\d/.test(phone) ? `+${phone}` : phone
}
