import { type GatewayId, instant, millis } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import mqttPacket, { type Packet } from 'mqtt-packet'
import { describe, expect, test } from 'vitest'
import type { Client } from './aedes-client.ts'
import { Outgoing, publishPacket } from './outgoing.ts'
import { Session } from './session.ts'

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

/** A connection that says how often it was written to. */
async function busy() {
  const clock = new VirtualClock(instant(0))
  const outgoing = new Outgoing(clock)
  const written: Buffer[] = []
  const session = new Session('gw-one' as GatewayId)
  const conn = { destroyed: false, write: (packets: Buffer) => written.push(packets) > 0 }
  const client = { anjuSession: session, closed: false, conn } as unknown as Client
  const others = { anjuSession: new Session('gw-two' as GatewayId), closed: false, conn: { write: () => true } }
  // So many within one window, and the one after it knows.
  for (let n = 1; n <= 200; n++) outgoing.ackLazily(others as unknown as Client, n)
  await clock.pass(millis(50))
  outgoing.ackLazily(others as unknown as Client, 201)
  return { clock, outgoing, client, written }
}

describe('when very many messages arrive', () => {
  test('an acknowledgement travels with the word that follows it', async () => {
    const { clock, outgoing, client, written } = await busy()
    outgoing.ackLazily(client, 7)
    await clock.pass(millis(200))
    outgoing.publish(client, 'anju/v1/gw-one/down/receipt', '{}', 0)
    // What comes up in one turn is written at its end.
    await new Promise<void>((resolve) => process.nextTick(resolve))
    await clock.pass(millis(300))
    expect(written).toHaveLength(1)
    expect(written[0]?.subarray(0, 5)).toEqual(Buffer.from([0x40, 2, 0, 7, 0x30]))
  })

  test('one that no word follows goes alone, soon', async () => {
    const { clock, outgoing, client, written } = await busy()
    outgoing.ackLazily(client, 7)
    await clock.pass(millis(200))
    expect(written).toEqual([])
    await clock.pass(millis(100))
    expect(written).toEqual([Buffer.from([0x40, 2, 0, 7])])
  })
})
