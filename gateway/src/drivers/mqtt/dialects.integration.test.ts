import { afterEach, beforeEach, expect, test } from 'vitest'
import { aTestGateway, type TestGateway } from '../../testing/gateway.ts'

/** Nothing listens there: the uplink is down all the time, as it may be. */
const nowhere = 'mqtt://127.0.0.1:1'
const eui = '24e124535b310056'
const bluGateway = 'shellyblugwg3-34b7da8a1c2e'
const key = '90bffd73cb6b26ef58a7a8eba9232036'
const mac = 'B4:35:22:F5:3D:A4'
const radio = 'home/OMG/BTtoMQTT/B43522F53DA4'

let gateway: TestGateway
beforeEach(async () => {
  gateway = await aTestGateway(nowhere, {
    devices: [
      rf('rf-bed', '80650A'),
      rf('rf-hall', '7028D2'),
      { ...at('lora'), profile: 'milesight/ws101', topic: `application/+/device/${eui}/event/+` },
      { ...at('blu'), profile: 'shelly/blu-button', topic: bluGateway, options: { device: 'aa:bc:12:34:56:78' } },
      { ...at('bthome'), profile: 'bthome/sos-button', topic: radio, options: { key, mac } },
      { ...at('smoke'), profile: 'shelly/plus-smoke', topic: 'shellyplussmoke-80646fd09ed4' },
      { ...at('ei6500'), profile: 'ei-electronics/ei6500', topic: 'wmbusmeters/Smokey3' },
    ],
  })
})
afterEach(() => gateway.stop())

const at = (name: string) => ({ id: name, placement: `place-${name}` })
const rf = (name: string, code: string) => ({
  ...at(name),
  profile: 'tasmota/rf-button',
  topic: 'tele/rfbridge',
  options: { code },
})

/** How many life and hazard events each message leaves on the disk. */
async function storedBy(messages: readonly (readonly [topic: string, payload: unknown])[]): Promise<readonly number[]> {
  const client = await gateway.device()
  const stored: number[] = []
  for (const [topic, payload] of messages) {
    const before = gateway.running.status().queue.life
    await client.publishAsync(topic, typeof payload === 'string' ? payload : JSON.stringify(payload), { qos: 1 })
    stored.push(gateway.running.status().queue.life - before)
  }
  return stored
}

const received = (Data: string) => ['tele/rfbridge/RESULT', { RfReceived: { Data } }] as const
const uplink = (hex: string) =>
  [
    `application/17c82e96/device/${eui}/event/up`,
    { deviceInfo: { devEui: eui }, fPort: 85, data: Buffer.from(hex, 'hex').toString('base64') },
  ] as const
const blu = (data: object) =>
  [
    `${bluGateway}/events/rpc`,
    {
      src: bluGateway,
      method: 'NotifyEvent',
      params: { events: [{ component: 'script:1', event: 'shelly-blu', data: { BTHome_version: 2, ...data } }] },
    },
  ] as const

const smoke = (alarm: boolean | null) =>
  [
    'shellyplussmoke-80646fd09ed4/events/rpc',
    { src: 'shellyplussmoke-80646fd09ed4', method: 'NotifyStatus', params: { 'smoke:0': { alarm } } },
  ] as const
const counts = (alarm_counter: number) =>
  ['wmbusmeters/Smokey3', { media: 'smoke detector', meter: 'ei6500', id: '1', status: 'OK', alarm_counter }] as const

test('two buttons behind one radio bridge are two buttons, and a stranger’s code is nobody’s', async () => {
  expect(await storedBy([received('80650A'), received('0x7028D2'), received('123456')])).toEqual([1, 1, 0])
})

test('what hangs in a home is understood by the profile it is installed with', async () => {
  const stored = await storedBy([
    uplink('017510'),
    uplink('017510FF2E01'),
    blu({ pid: 1, address: 'aa:bc:12:34:56:78', button: 0 }),
    blu({ pid: 2, address: 'aa:bc:12:34:56:78', button: 1 }),
    blu({ pid: 3, address: '00:11:22:33:44:55', button: 1 }),
    [radio, '44 00 52 01 64 3A 01'],
    [radio, '45 0A EB 84 46 7F 85 BA 01 00 00 31 88 78 8C'],
    smoke(true),
    smoke(null),
    smoke(false),
    counts(1),
    counts(1),
    counts(2),
  ])
  expect(stored).toEqual([0, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0, 0, 1])
  // The open packet of a button whose key is known: anybody could have sent it.
  expect(gateway.running.status().counts).toMatchObject({ 'frame-malformed': 1 })
})
