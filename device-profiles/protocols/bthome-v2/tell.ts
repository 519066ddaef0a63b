import { hexOf } from '../../src/byte-reader.ts'
import { raisedBy, tellOne, told } from '../../src/tell-one.ts'
import { openPacket, readObjects } from './packet.ts'

/** A button of BTHome is any button: only the profile of a pendant makes an SOS of its press. */
export const bthomeV2 = tellOne('bthome-v2', ({ bytes, key, mac }) => {
  const packet = openPacket(bytes, key, mac)
  const { packetId, readings, buttons, others, unread } = readObjects(packet.objects)
  return told(
    {
      packetId: packetId ?? null,
      buttons,
      encrypted: packet.encrypted,
      triggered: packet.triggered,
      ...(packet.counter === undefined ? {} : { counter: packet.counter }),
      ...(packet.address === undefined ? {} : { address: hexOf(packet.address) }),
      ...others,
      ...(unread === undefined ? {} : { unread }),
    },
    readings,
    raisedBy(readings),
  )
})
