import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readConfig } from './config.ts'
import { aTestCentre } from './testing/centre.ts'
import { aTestGateway } from './testing/gateway.ts'

const environment = { allowPlaintext: false, logLevel: 'info', dataDir: undefined }
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'anju-profiles-'))
  mkdirSync(join(folder, 'own'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const leakSensor = (id: string) => ({
  id,
  name: 'Leak sensor W1',
  driver: 'mqtt',
  topic: 'acme/NAME',
  payload: 'json',
  models: ['W1'],
  supervision: { reportEveryS: 3_600, lostAfterS: 14_400 },
  measures: { leak: { quantity: 'water-leak', name: 'Water', value: 'wet' } },
  events: { 'water-leak': { from: 'level', of: 'leak' }, 'sos-pressed': { from: 'edge', when: 'key = true' } },
  walkTest: { do: 'Lay it on a wet cloth.', proves: 'water-leak' },
  wiring: ['Flat on the floor.'],
  examples: [
    { when: 'wet', payload: { wet: true }, reads: { leak: 1 } },
    { when: 'its key', payload: { key: true }, reads: {}, events: ['sos-pressed'] },
    { when: 'no JSON', payload: 'wet', fails: 'payload-malformed' },
  ],
})
const put = (name: string, text: string) => writeFileSync(join(folder, 'own', name), text)
const kitchen = { id: 'leak-1', placement: 'kitchen-leak', profile: 'acme/water-1', topic: 'acme/kitchen' }
const button = { id: 'sos-1', placement: 'bathroom-sos', profile: 'tuya/ts0215a-sos', topic: 'zigbee2mqtt/button' }

function read(devices: object[] = [kitchen, button]) {
  const file = join(folder, 'gateway.json')
  const config = {
    gatewayId: 'gw-1',
    dataDir: join(folder, 'data'),
    uplink: { url: 'mqtt://127.0.0.1:1' },
    broker: { host: '127.0.0.1', port: 0 },
    http: { host: '127.0.0.1', port: 0 },
    profiles: 'own',
    devices,
  }
  writeFileSync(file, JSON.stringify(config))
  return readConfig(file, environment)
}

test('a device of an installer’s own profile is installed like any other', async () => {
  put('w1.json', JSON.stringify(leakSensor('acme/water-1')))
  const config = await read()
  expect(config.devices.map(({ profile }) => profile.id)).toEqual(['acme/water-1', 'tuya/ts0215a-sos'])
  expect(config).toMatchObject({ profileProblems: [], leftOut: [] })
})

test('a file that was good once and is not any more: its last good version is used, and the line is named', async () => {
  put('w1.json', JSON.stringify(leakSensor('acme/water-1')))
  await read()
  put('w1.json', '{\n  "id": oops')
  const config = await read()
  expect(config.devices.map(({ id }) => id)).toEqual(['leak-1', 'sos-1'])
  expect(config.profileProblems).toMatchObject([{ line: 2, lastGoodUsed: true }])
})

test('a file that was never good takes no other device down: the one it is for is left out', async () => {
  put('w1.json', '{"id":')
  const config = await read()
  expect(config.devices.map(({ id }) => id)).toEqual(['sos-1'])
  expect(config.leftOut).toMatchObject([{ id: 'leak-1' }])
})

test('a file that is gone, or its whole folder: the device that needs it is still heard, and the file is named', async () => {
  put('w1.json', JSON.stringify(leakSensor('acme/water-1')))
  await read()
  rmSync(join(folder, 'own', 'w1.json'))
  const gone = await read()
  expect(gone.devices.map(({ id }) => id)).toEqual(['leak-1', 'sos-1'])
  expect(gone.profileProblems).toMatchObject([{ file: join(folder, 'own', 'w1.json'), lastGoodUsed: true }])
  rmSync(join(folder, 'own'), { recursive: true })
  const noFolder = await read()
  expect(noFolder.devices.map(({ id }) => id)).toEqual(['leak-1', 'sos-1'])
  expect(noFolder.profileProblems).toMatchObject([{ file: join(folder, 'own') }, { lastGoodUsed: true }])
})

test('a file that is gone with its device, or under another name, is nobody’s problem', async () => {
  put('w1.json', JSON.stringify(leakSensor('acme/water-1')))
  await read()
  renameSync(join(folder, 'own', 'w1.json'), join(folder, 'own', 'water.json'))
  expect(await read()).toMatchObject({ profileProblems: [], leftOut: [] })
  rmSync(join(folder, 'own', 'water.json'))
  expect(await read([button])).toMatchObject({ profileProblems: [], leftOut: [] })
})

test('a profile nobody knows is still refused where every file is good', async () => {
  await expect(read()).rejects.toThrow('devices[0].profile: no profile acme/water-1')
})

test('a file cannot take the place of a profile of ours, nor of another file', async () => {
  put('a.json', JSON.stringify(leakSensor('tuya/ts0215a-sos')))
  put('b.json', JSON.stringify(leakSensor('acme/water-1')))
  put('c.json', JSON.stringify({ ...leakSensor('acme/water-1'), name: 'Another' }))
  const { profileProblems, devices } = await read()
  expect(profileProblems.map(({ why }) => why)).toEqual([
    'id: tuya/ts0215a-sos is a profile that comes with the gateway',
    'id: acme/water-1 is another file',
  ])
  expect(devices[0]?.profile.name).toBe('Leak sensor W1')
})

test('what such a device says is at the centre in the order in which it was said', async () => {
  put('w1.json', JSON.stringify(leakSensor('acme/water-1')))
  const { devices } = await read([kitchen])
  const centre = await aTestCentre('gw-test')
  const gateway = await aTestGateway(centre.url, { installed: devices })
  try {
    const client = await gateway.device()
    const says = (payload: object) => client.publishAsync('acme/kitchen', JSON.stringify(payload), { qos: 1 })
    await Promise.all([says({ wet: true }), says({ wet: false }), says({ wet: true }), says({ key: true })])
    await vi.waitFor(() => expect(centre.events).toHaveLength(4), { timeout: 10_000, interval: 10 })
    expect(centre.events.map(({ type, data }) => `${type} ${data.phase}`)).toEqual([
      'anju.water-leak raised',
      'anju.water-leak returned',
      'anju.water-leak raised',
      'anju.sos-pressed raised',
    ])
  } finally {
    await gateway.stop()
    await centre.stop()
  }
})
