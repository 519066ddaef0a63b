import type { Reading } from '@anju/contract'
import { bytesOfHex } from '../../src/byte-reader.ts'
import { type Selection, selected, toldBy } from '../../src/dialect.ts'
import type { Decoded, DeviceOptions, MqttMessage } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'
import type { Protocol } from '../../src/telling.ts'
import { readEvent, readUplink } from './event.ts'
import { chirpstackV4 } from './tell.ts'

/** As the configuration writes it: whatever the application's id, and all that the network server tells of the device. */
export const LORAWAN_TOPIC = 'application/+/device/EUI/event/+'

interface Maker {
  readonly protocol: Protocol
  /** Ports of its measurements; on others it tells its settings or the time. */
  readonly ports: readonly number[]
}

/**
 * A LoRaWAN device: its maker's codec on what it sent, and the network server's own word about its battery. An uplink, a join
 * and an answered question about its status come from the device; everything else the server says of itself.
 */
export const lorawanDevice =
  ({ protocol, ports }: Maker) =>
  <Named extends string, Worded extends string = never>(selection: Selection<Named, Worded>) =>
  ({ topic, payload }: MqttMessage, options: DeviceOptions): Decoded<Named | Worded> => {
    const readings: Partial<Record<Named | Worded, Reading>> = {}
    const event = readEvent(topic, payload)
    const by = { options, speaks: true }
    switch (event.kind) {
      case 'up': {
        const { bytes, fPort } = readUplink(event)
        if (bytes === undefined || bytes.byteLength === 0 || (fPort !== undefined && !ports.includes(fPort)))
          return { readings, events: [], heartbeat: true }
        return selected(selection, toldBy(protocol, { topic, bytes, fPort }), by)
      }
      case 'status':
        return selected({ points: selection.points }, toldBy(chirpstackV4, { topic, bytes: payload }), by)
      case 'join':
        return { readings, events: [], heartbeat: true }
      case 'ack':
      case 'txack':
      case 'log':
      case 'location':
      case 'integration':
        return { readings, events: [] }
    }
    return event.kind satisfies never
  }

/** An event of the network server about a device, as an example writes it. */
export const lorawanSays =
  (devEui: string) =>
  (event: string, fields: object): MqttMessage =>
    publishedOn(`application/17c82e96/device/${devEui}/event`)(
      { time: '2026-03-09T12:00:00.123456789+00:00', deviceInfo: { devEui, deviceName: 'hall' }, ...fields },
      { under: event },
    )
/** What the device itself sent. */
export const uplinkOf =
  (devEui: string, fPort: number) =>
  (hex: string): MqttMessage => {
    const data = Buffer.from(bytesOfHex(hex)).toString('base64')
    const rxInfo = [{ gatewayId: '0016c001f153a14c', rssi: -76, snr: 9.5 }]
    return lorawanSays(devEui)('up', { deduplicationId: '3ac7e3c4', fCnt: 12, fPort, data, rxInfo })
  }
