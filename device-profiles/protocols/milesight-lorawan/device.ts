import { hexOf } from '../../src/byte-reader.ts'
import { told } from '../../src/tell-one.ts'
import type { Protocol } from '../../src/telling.ts'
import { lorawanDevice } from '../chirpstack-v4/device.ts'
import { milesightLorawan } from './tell.ts'

export const MILESIGHT_PORT = 85

const HISTORY = '20CE'
/**
 * An uplink that begins with history holds nothing of now, and how long its records are only the model knows: it is a sign of
 * life and no more.
 */
const ofNow: Protocol = {
  name: milesightLorawan.name,
  read: (input) =>
    hexOf(input.bytes.subarray(0, 2)) === HISTORY
      ? [told({ historyHex: hexOf(input.bytes) })]
      : milesightLorawan.read(input),
}

/** A device of Milesight, which says what its model's bits mean. */
export const milesightDevice = lorawanDevice({ protocol: ofNow, ports: [MILESIGHT_PORT] })
