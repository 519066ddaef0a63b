import mqttPacket, { type Packet } from 'mqtt-packet'
import { expect, test } from 'vitest'
import { publishPacket } from './outgoing.ts'

test.for([
  { length: 0, messageId: undefined },
  { length: 20, messageId: 1 },
  { length: 127, messageId: 65_535 },
  { length: 128, messageId: 300 },
  { length: 16_384, messageId: undefined },
  { length: 40_000, messageId: 2 },
])('a word of $length characters is the packet MQTT wants', ({ length, messageId }) => {
  const json = '安'.repeat(length)
  const packets: Packet[] = []
  const parser = mqttPacket.parser()
  parser.on('packet', (packet: Packet) => packets.push(packet))
  parser.parse(publishPacket('anju/v1/gw-one/down/receipt', json, messageId))
  expect(packets).toHaveLength(1)
  expect(packets[0]).toMatchObject({
    cmd: 'publish',
    topic: 'anju/v1/gw-one/down/receipt',
    qos: messageId === undefined ? 0 : 1,
    retain: false,
    dup: false,
  })
  expect((packets[0] as { payload: Buffer }).payload.toString()).toBe(json)
  expect((packets[0] as { messageId?: number }).messageId).toBe(messageId)
})
