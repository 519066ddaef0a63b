import { gatewayId } from '@anju/contract'
import { array, assert, constantFrom, integer, oneof, property, record, string } from 'fast-check'
import mqttPacket, { type Packet } from 'mqtt-packet'
import { expect, test } from 'vitest'
import type { Client } from './aedes-client.ts'
import { openFastLane } from './fast-lane.ts'
import { Session } from './session.ts'

const gateway = gatewayId('gw-one')
const own = ['telemetry', 'event', 'health'].map((kind) => `anju/v1/gw-one/up/${kind}`)
const said = (topic: string, payload: string, messageId?: number) => `${topic} ${messageId ?? '-'} ${payload}`

/** A PUBACK says nothing to anybody: it may be passed on or not. */
const heard = (packet: Packet): string[] =>
  packet.cmd === 'puback'
    ? []
    : [packet.cmd === 'publish' ? said(packet.topic, packet.payload.toString(), packet.messageId) : packet.cmd]

/** A connection whose usual way is mqtt-packet alone; `taken` is everything but PUBACKs in order, whichever way it came. */
function aConnection(): { client: Client; taken: string[]; fast: number } {
  const parser = mqttPacket.parser()
  const connection = { client: {} as Client, taken: [] as string[], fast: 0 }
  parser.on('packet', (packet: Packet) => connection.taken.push(...heard(packet)))
  Object.assign(connection.client, {
    anjuSession: new Session(gateway),
    connackSent: true,
    _keepaliveTimer: null,
    _parser: parser,
  })
  openFastLane(connection.client, (_client, _session, { topic, payload, messageId }) => {
    connection.fast++
    connection.taken.push(said(topic, Buffer.from(payload).toString(), messageId))
  })
  return connection
}
const publish = (
  topic: string,
  payload: string,
  qos: 0 | 1,
  messageId: number,
  flags: { dup?: boolean; retain?: boolean } = {},
): Packet => ({
  cmd: 'publish',
  topic,
  payload,
  qos,
  dup: flags.dup ?? false,
  retain: flags.retain ?? false,
  ...(qos === 1 ? { messageId } : {}),
})

test('takes its own QoS 1 publishes, the first time and again, and leaves everything else to the usual way', () => {
  const connection = aConnection()
  const packets = [
    publish(own[0] ?? '', 'a', 1, 1),
    publish(own[1] ?? '', 'b', 1, 2, { dup: true }),
    publish('anju/v1/gw-two/up/event', 'c', 1, 3),
    publish(own[1] ?? '', 'd', 1, 4),
  ]
  connection.client._parser.parse(Buffer.concat(packets.map((packet) => mqttPacket.generate(packet))))
  expect(connection.taken).toEqual([
    said(own[0] ?? '', 'a', 1),
    said(own[1] ?? '', 'b', 2),
    said('anju/v1/gw-two/up/event', 'c', 3),
    said(own[1] ?? '', 'd', 4),
  ])
  expect(connection.fast).toBe(2)
})

test('the acknowledgement of a receipt does not make the presses behind it go the long way', () => {
  const connection = aConnection()
  const packets: Packet[] = [
    { cmd: 'puback', messageId: 9 },
    publish(own[1] ?? '', 'a', 1, 1),
    { cmd: 'puback', messageId: 10 },
    { cmd: 'puback', messageId: 11 },
    publish(own[1] ?? '', 'b', 1, 2),
  ]
  connection.client._parser.parse(Buffer.concat(packets.map((packet) => mqttPacket.generate(packet))))
  expect(connection).toMatchObject({ fast: 2, taken: [said(own[1] ?? '', 'a', 1), said(own[1] ?? '', 'b', 2)] })
})

test('nothing is taken before the gateway has been let in', () => {
  const connection = aConnection()
  Object.assign(connection.client, { connackSent: false })
  connection.client._parser.parse(mqttPacket.generate(publish(own[0] ?? '', 'a', 1, 1)))
  expect(connection).toMatchObject({ fast: 0, taken: [said(own[0] ?? '', 'a', 1)] })
})

test('however the bytes are cut, the same packets come out in the same order', () => {
  const packet = oneof(
    record({
      topic: constantFrom(...own, 'anju/v1/gw-two/up/event', 'anju/v1/gw-one/up/gossip', 'häuser/安居'),
      payload: oneof(string({ maxLength: 40 }), constantFrom('x'.repeat(120), 'y'.repeat(127), 'z'.repeat(20_000))),
      qos: constantFrom<0 | 1>(0, 1),
      messageId: integer({ min: 1, max: 65_535 }),
      dup: constantFrom(true, false),
      retain: constantFrom(true, false),
    }).map(({ topic, payload, qos, messageId, dup, retain }) =>
      publish(topic, payload, qos, messageId, { dup: dup && qos === 1, retain }),
    ),
    constantFrom<Packet>({ cmd: 'pingreq' }, { cmd: 'puback', messageId: 7 }),
  )
  assert(
    property(
      array(packet, { maxLength: 12 }),
      array(integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 30 }),
      (packets, cuts) => {
        const bytes = Buffer.concat(packets.map((one) => mqttPacket.generate(one)))
        const usual: string[] = []
        const plain = mqttPacket.parser()
        plain.on('packet', (one: Packet) => usual.push(...heard(one)))
        plain.parse(bytes)
        const connection = aConnection()
        for (let offset = 0, turn = 0; offset < bytes.length; turn++) {
          const end = offset + (cuts[turn % cuts.length] ?? 1)
          connection.client._parser.parse(bytes.subarray(offset, end))
          offset = end
        }
        expect(connection.taken).toEqual(usual)
      },
    ),
    { numRuns: 200 },
  )
})
