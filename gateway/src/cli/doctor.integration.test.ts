import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DeviceId, type PlacementId } from '@anju/contract'
import { loadProfile } from '@anju/device-profiles/profile-file/load'
import { afterEach, expect, test, vi } from 'vitest'
import type { Device } from '../ports.ts'
import { aTestCentre } from '../testing/centre.ts'
import { aTestGateway, buttonTopic, type TestGateway } from '../testing/gateway.ts'

const cleanups: (() => Promise<unknown> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** What `npm run gateway -- doctor` prints about a running gateway. */
async function doctorOf(gateway: TestGateway): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'anju-doctor-'))
  cleanups.push(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'gateway.json')
  const { gatewayId, dataDir } = gateway.config
  const http = { host: '127.0.0.1', port: gateway.running.httpPort }
  const broker = { host: '127.0.0.1', port: gateway.running.brokerPort }
  writeFileSync(file, JSON.stringify({ gatewayId, dataDir, uplink: { url: 'mqtt://127.0.0.1:1' }, broker, http }))
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), 'doctor', '--config', file])
  let said = ''
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()))
  await once(child, 'close')
  return said
}

/** A plug that tells its energy and its door, by a file of an installer's own. */
async function ownDevice(): Promise<Device> {
  const file = {
    id: 'acme/plug-1',
    name: 'Plug with a door contact',
    driver: 'mqtt',
    topic: 'acme/NAME',
    payload: 'json',
    models: ['P1'],
    supervision: { reportEveryS: 60, lostAfterS: 600 },
    measures: {
      energy: { quantity: 'active-energy-import', name: 'Energy', value: 'kwh' },
      door: { quantity: 'contact', name: 'Door', value: 'door' },
    },
    events: {},
    walkTest: { do: 'Switch it on.', proves: 'energy' },
    wiring: ['Into the socket.'],
    examples: [
      { when: 'both', payload: { kwh: 1, door: 1 }, reads: { energy: 1, door: 1 } },
      { when: 'no JSON', payload: '', fails: 'payload-malformed' },
    ],
  }
  const loaded = await loadProfile(JSON.stringify(file))
  if (loaded.is !== 'profile') throw new Error(JSON.stringify(loaded.problems))
  const id = 'plug-1' as DeviceId
  return { id, placement: 'kitchen-plug' as PlacementId, profile: loaded.profile, options: {}, topic: 'acme/plug' }
}

test('what was not taken at its word raises no life event and no false zero, and the doctor explains it', async () => {
  const centre = await aTestCentre('gw-test')
  cleanups.push(() => centre.stop())
  const gateway = await aTestGateway(centre.url, { installed: [await ownDevice()] })
  cleanups.push(() => gateway.stop())
  const bridge = await gateway.device({ clientId: 'bridge' })
  const says = (topic: string, payload: object, retain = false) =>
    bridge.publishAsync(topic, JSON.stringify(payload), { qos: 1, retain })

  // A press that a broker had kept; one that comes with the announcement of the button; null and empty actions.
  await says(buttonTopic, { action: 'emergency', battery: 80 }, true)
  await says('zigbee2mqtt/bridge/event', { type: 'device_announce', data: { friendly_name: 'bathroom button' } })
  await says(buttonTopic, { action: 'emergency', battery: 80, linkquality: 18 })
  await says(buttonTopic, { action: null, battery: 80 })
  await says(buttonTopic, { action: '', battery: 80 })
  // A register that jumps by a million and returns; a meter replaced by one that stands lower; a contact that chatters.
  for (const kwh of [4_000, 1_004_000, 4_000.5, 12, 12.5]) await says('acme/plug', { kwh })
  for (let i = 0; i < 60; i++) await says('acme/plug', { door: i % 2 })
  // A message that is none, and a device that nobody has installed yet.
  await bridge.publishAsync('acme/plug', '{"kwh":', { qos: 1 })
  await says('acme/shed', { kwh: 1 })

  const types = () => centre.events.map(({ type, data }) => `${type} ${data.class}`)
  await vi.waitFor(() => expect(types()).toContain('anju.chattering technical'), { timeout: 10_000 })
  // Of either press that may be an old one somebody is asked.
  expect(types().toSorted()).toEqual([
    'anju.cannot-tell technical',
    'anju.cannot-tell technical',
    'anju.chattering technical',
  ])
  await vi.waitFor(
    () => {
      const energies = centre.telemetry.flatMap(({ series }) => series.filter(({ p }) => p === 'kitchen-plug/energy'))
      expect(energies.flatMap(({ v }) => v)).toEqual([4_000, null, 4_000.5, null, 12.5])
    },
    { timeout: 10_000 },
  )

  const said = await doctorOf(gateway)
  expect(said).toMatch(/^ok {3}device sos-1: sos-pressed, 1 time, .*a broker had kept/m)
  expect(said).toMatch(/^ok {3}device sos-1: sos-pressed, 1 time, .*coming back to its network/m)
  expect(said).toMatch(/^ok {3}device plug-1: energy, 1 time, .*grew faster than any home/m)
  expect(said).toMatch(/^ok {3}device plug-1: energy, 1 time, .*stepped back/m)
  expect(said).toMatch(/^ok {3}device plug-1: energy, 1 time, .*the meter was replaced/m)
  expect(said).toMatch(/^ok {3}device plug-1: door, 1 time, .*turned more than twenty times a minute/m)
  expect(said).toMatch(/^ok {3}message of plug-1: not JSON, 1 time of late, last at /m)
  expect(said).toMatch(/^ok {3}message of acme\/shed: no device is installed for this topic, 1 time of late/m)

  // And a press is a press again, as soon as it can only be one.
  await vi.waitFor(
    async () => {
      await gateway.press(bridge)
      expect(types()).toContain('anju.sos-pressed life')
    },
    { timeout: 10_000, interval: 500 },
  )
})
