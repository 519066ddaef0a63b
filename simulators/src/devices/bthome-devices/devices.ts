import { createCipheriv } from 'node:crypto'
import { type Instant, minutes } from '@anju/contract'
import type { PublishingDevice } from '../device.ts'
import { balconyCelsius, cellPct, daysOf, doorIsOpen, flicker, humidityPct, isTried, roomLux } from '../signals.ts'

/**
 * BTHome v2 (its format page) as OpenMQTTGateway hands it on: one JSON object a packet, the service data in hex.
 */
const low = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) & 0xff)
const hex = (bytes: readonly number[]): string => Buffer.from(bytes).toString('hex')

const handedOn = (topic: string, address: string, at: Instant, servicedata: string) => [
  {
    topic,
    payload: JSON.stringify({ id: address, rssi: -flicker(at, 50, 90), servicedata, servicedatauuid: '0xfcd2' }),
    retain: false,
  },
]
const topicOf = (address: string) => `home/OMG_ESP32/BTtoMQTT/${address.replaceAll(':', '')}`
/** A number of one byte, another with each packet. */
const packetOf = (at: Instant) => Math.floor(at / 1_000) & 0xff

export const bthomeDoor = (address: string): PublishingDevice => {
  return {
    profile: 'bthome/door',
    topic: topicOf(address),
    every: minutes(60),
    truth: (at) => ({ contact: doorIsOpen(at) ? 0 : 1, illuminance: roomLux(at, 2), battery: cellPct(at) }),
    publish: (at) => {
      const packet = [0x44, 0x00, packetOf(at), 0x01, cellPct(at)]
      const light = [0x05, ...low(Math.round(roomLux(at, 2) * 100), 3)]
      return handedOn(topicOf(address), address, at, hex([...packet, ...light, 0x2d, doorIsOpen(at) ? 1 : 0]))
    },
  }
}

export const bthomeClimate = (address: string): PublishingDevice => {
  return {
    profile: 'bthome/climate',
    topic: topicOf(address),
    every: minutes(10),
    truth: (at) => ({ temperature: balconyCelsius(at, 2), humidity: humidityPct(at, 2), battery: cellPct(at) }),
    publish: (at) => {
      const warmth = [0x02, ...low(Math.round(balconyCelsius(at, 2) * 100) & 0xffff, 2)]
      const packet = [
        0x40,
        0x00,
        packetOf(at),
        0x01,
        cellPct(at),
        ...warmth,
        0x03,
        ...low(Math.round(humidityPct(at, 2) * 100), 2),
      ]
      return handedOn(topicOf(address), address, at, hex(packet))
    },
  }
}

/** Encrypted, with a counter that only rises; pressed on trial at nine. */
export const bthomeSos = (address: string, key = '231d39c1d7cc1ab1aee224cd096db932'): PublishingDevice => ({
  profile: 'bthome/sos-button',
  topic: topicOf(address),
  options: { key, mac: address },
  every: minutes(60),
  truth: (at) => ({ battery: cellPct(at) }),
  publish: (at) => {
    const info = 0x45
    const objects = [0x00, packetOf(at), 0x01, cellPct(at), 0x3a, isTried(at) ? 1 : 0]
    // One packet a minute since the battery was put in.
    const counter = low(Math.floor((daysOf(at) % 400) * 1_440), 4)
    const nonce = Buffer.from([...Buffer.from(address.replaceAll(':', ''), 'hex'), 0xd2, 0xfc, info, ...counter])
    const cipher = createCipheriv('aes-128-ccm', Buffer.from(key, 'hex'), nonce, { authTagLength: 4 })
    const sealed = cipher.update(Buffer.from(objects))
    cipher.final()
    const packet = [info, ...sealed, ...counter, ...cipher.getAuthTag()]
    return handedOn(topicOf(address), address, at, hex(packet))
  },
})
