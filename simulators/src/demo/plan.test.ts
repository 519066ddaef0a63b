import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parseHomeConfig } from '../home/config.ts'
import { controlSocket } from '../home/control.ts'
import { loadDemoConfig } from './config.ts'
import { keep, readKept } from './kept.ts'
import { gatewayFile, greeting, homeFile, linesOf } from './plan.ts'

const config = loadDemoConfig({ ANJU_DATA_DIR: '/srv/anju', ANJU_MQTT_PORT: '2883', ANJU_GATEWAY_MQTT_PORT: '2884' })
const provisioned = { id: 'gw-1', mqtt: { url: 'mqtt://127.0.0.1:1883', username: 'gw-1', password: 'secret' } }
const kept = { password: 'p', bridgePassword: 'b', gateway: provisioned }
const ports = { meter: 20_001, radar: 20_002 }

test('home and gateway meet: same lines, same broker, same credentials, same button', () => {
  const lines = linesOf('/srv/anju', '/usr/bin/socat', ports)
  const gateway = gatewayFile(config, kept, lines, provisioned)
  const home = parseHomeConfig(JSON.stringify(homeFile(config, kept, lines)), 'home.json')
  expect(gateway).toMatchObject({
    uplink: { url: 'mqtt://127.0.0.1:2883', username: 'gw-1' }, // the port of today, not of the day it was registered
    broker: { port: 2_884, credentials: [{ username: home.broker.username, password: home.broker.password }] },
    lines: [
      { id: 'rs485-1', url: 'serial:/srv/anju/run/rs485-1?baud=2400&parity=even' },
      { id: 'radar-1', url: 'tcp://127.0.0.1:20002' },
    ],
    devices: [{ topic: `zigbee2mqtt/${home.button.friendlyName}` }, {}, { address: home.meter.address }],
  })
  expect(home.broker.url).toBe('mqtt://127.0.0.1:2884')
})

test('without socat, or in a folder an address cannot name, the meter hangs on TCP', () => {
  const tcp = { kind: 'tcp', host: '127.0.0.1', port: 20_001 }
  expect(linesOf('/srv/anju', undefined, ports).meter).toEqual(tcp)
  expect(linesOf('/srv/what?', '/usr/bin/socat', ports).meter).toEqual(tcp)
})

test('the greeting names every account once and how to press', () => {
  const lines = greeting(config, 'pw')
  expect(lines.filter((line) => /^account \w+ pw$/.test(line))).toHaveLength(6)
  expect(lines.join('\n')).toContain(
    `mosquitto_pub -p 2884 -t 'zigbee2mqtt/bathroom button' -m '{"action":"emergency","battery":80}'`,
  )
})

const says = (env: Readonly<Record<string, string>>) =>
  greeting(loadDemoConfig(env), 'pw').some((line) => line.startsWith('telephones'))
test('the greeting says that nobody is called, unless a provider is configured', () => {
  expect([says({}), says({ ANJU_CHANNELS_FILE: 'channels.json' })]).toEqual([true, false])
})

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'anju-kept-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('what is made up once is kept, for its owner only, and half a file is none', () => {
  const first = readKept(folder)
  expect(first.password).toMatch(/^[a-z2-9]{16}$/)
  expect(readKept(folder).password).not.toBe(first.password)
  keep(folder, first)
  expect(readKept(folder)).toEqual(first)
  expect(statSync(join(folder, 'demo.json')).mode & 0o077).toBe(0)
  writeFileSync(join(folder, 'demo.json'), readFileSync(join(folder, 'demo.json'), 'utf8').slice(0, 20))
  expect(readKept(folder).gateway).toBeUndefined()
})

test('a socket whose path would be too long for the system is elsewhere, and always there', () => {
  expect(controlSocket('/srv/anju', 'home')).toBe('/srv/anju/run/home.sock')
  const deep = `/srv/${'x'.repeat(120)}`
  expect(Buffer.byteLength(controlSocket(deep, 'home'))).toBeLessThan(104)
  expect(controlSocket(deep, 'home')).toBe(controlSocket(deep, 'home'))
  expect(controlSocket(deep, 'home')).not.toBe(controlSocket(`${deep}y`, 'home'))
})
