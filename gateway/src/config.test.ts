import { describe, expect, test } from 'vitest'
import { parseConfig, readConfig } from './config.ts'
import { isLoopback } from './domain/loopback.ts'

const good = {
  gatewayId: 'gw-1',
  dataDir: 'data',
  uplink: { url: 'mqtt://127.0.0.1:1883', username: 'u', password: 'p' },
  broker: {
    host: '127.0.0.1',
    port: 1884,
    allowLoopbackAnonymous: true,
    credentials: [{ username: 'z2m', password: 'p' }],
  },
  http: { host: '127.0.0.1', port: 8081 },
  telemetry: { flushEveryS: 5 },
  lines: [
    { id: 'rs485-1', url: 'serial:/dev/ttyUSB0?baud=2400&parity=even' },
    { id: 'radar-1', url: 'tcp://127.0.0.1:7001' },
  ],
  devices: [
    { id: 'sos-1', placement: 'bathroom-sos', profile: 'tuya/ts0215a-sos', topic: 'zigbee2mqtt/bathroom button' },
    { id: 'radar-1', placement: 'living-radar', profile: 'seeed/mr60fda2', line: 'radar-1' },
    { id: 'meter-1', placement: 'meter', profile: 'dlt645/single-phase', line: 'rs485-1', address: '000000000161' },
  ],
}
const environment = { allowPlaintext: false }
const changed = (path: string, value: unknown): unknown => {
  const copy = structuredClone(good) as Record<string, unknown>
  const parts = path.split('.')
  let at = copy
  for (const part of parts.slice(0, -1)) at = at[part] as Record<string, unknown>
  const last = parts.at(-1) ?? ''
  if (value === undefined) delete at[last]
  else at[last] = value
  return copy
}

test('the documented file is taken', () => {
  const config = parseConfig(good, environment)
  expect(config).toMatchObject({ gatewayId: 'gw-1', flushEveryS: 5 })
  expect(config.lines[0]?.url).toEqual({
    kind: 'serial',
    path: '/dev/ttyUSB0',
    baud: 2_400,
    parity: 'even',
    dataBits: 8,
    stopBits: 1,
  })
  expect(config.devices.map(({ profile }) => profile.driver)).toEqual(['mqtt', 'tinyframe', 'dlt645-2007'])
})

test('what is asked may share a line with what speaks another protocol', () => {
  const shared = [
    ['dlt645/single-phase', '000000000161'],
    ['dlt645/single-phase-1997', '000000000161'],
    ['cjt188/cold-water', '00000805000001'],
    ['eastron/sdm120', '1'],
    ['peacefair/pzem-004t-v3', '2'],
  ].map(([profile, address], i) => ({ id: `d${i}`, placement: `d${i}`, profile, line: 'rs485-1', address }))
  expect(parseConfig(changed('devices', shared), environment).devices).toHaveLength(5)
  const twice = [...shared, { ...shared[4], id: 'd5' }]
  expect(() => parseConfig(changed('devices', twice), environment)).toThrow('2 is already taken on rs485-1')
})

test('a device that publishes has no line, whatever the file says: the meter there is served', () => {
  const [button] = parseConfig(changed('devices.0.line', 'rs485-1'), environment).devices
  expect(button?.topic).toBe('zigbee2mqtt/bathroom button')
  expect(button).not.toHaveProperty('line')
})

describe('a wrong field is named', () => {
  test.for([
    { path: 'gatewayId', value: undefined, says: 'gatewayId: is missing' },
    { path: 'gatewayId', value: 'GW 1', says: 'gatewayId: ' },
    { path: 'broker.port', value: '1884', says: 'broker.port: ' },
    { path: 'broker.port', value: 70_000, says: 'broker.port: ' },
    { path: 'broker.hots', value: 'x', says: 'broker.hots: is not a setting' },
    { path: 'devices.0.id', value: '', says: 'devices[0].id: ' },
    { path: 'devices.0.topic', value: undefined, says: 'devices[0].topic: an MQTT device needs its topic' },
    { path: 'devices.0.profile', value: 'acme/x', says: 'devices[0].profile: no profile acme/x' },
    { path: 'devices.1.line', value: 'nowhere', says: 'devices[1].line: no line nowhere' },
    {
      path: 'devices.1.line',
      value: 'rs485-1',
      says: 'devices[2].line: rs485-1 already carries another tinyframe device',
    },
    { path: 'devices.2.address', value: '161', says: 'devices[2].address: not the 12 digits' },
    {
      path: 'devices.2',
      value: { id: 'm', placement: 'm', profile: 'eastron/sdm120', line: 'rs485-1', address: '01' },
      says: 'devices[2].address: not a unit number from 1 to 247',
    },
    {
      path: 'devices.2',
      value: { id: 'w', placement: 'w', profile: 'cjt188/gas', line: 'rs485-1', address: '161' },
      says: 'devices[2].address: not the 14 digits printed on the meter, like 00000805000001',
    },
    {
      path: 'devices.2',
      value: {
        id: 'w',
        placement: 'w',
        profile: 'cjt188/gas',
        line: 'rs485-1',
        address: '00000805000001',
        options: { 'status-bits': 'mine' },
      },
      says: 'devices[2].options.status-bits: is not how the maker arranges the status bits',
    },
    { path: 'devices.2.id', value: 'sos-1', says: 'devices[2].id: sos-1 is already taken' },
    { path: 'devices.2.pollEveryS', value: { '99999999': 5 }, says: 'devices[2]: pollEveryS.99999999: ' },
    { path: 'lines.0.url', value: 'usb:1', says: 'lines[0].url: neither serial:/path nor tcp://host:port' },
    { path: 'lines.0.url', value: 'serial:/dev/x?speed=9', says: 'lines[0].url: speed is not one of' },
    { path: 'lines.0.url', value: 'serial:/dev/x?parity=mark', says: 'lines[0].url: parity is not' },
    { path: 'lines.1.url', value: 'tcp://nowhere', says: 'lines[1].url: not tcp://host:port' },
    { path: 'uplink.url', value: 'http://x', says: 'uplink.url: not an mqtt' },
  ])('$path = $value', ({ path, value, says }) => {
    expect(() => parseConfig(changed(path, value), environment)).toThrow(says)
  })
})

const withDevices = (...given: readonly object[]) => {
  const devices = given.map((one, i) => ({ id: `d-${i}`, placement: `p-${i}`, line: 'radar-1', ...one }))
  return () => parseConfig(changed('devices', devices), environment)
}

describe('a line of devices that speak by themselves', () => {
  const button = { profile: 'ev1527/button', address: 'ABCDE' }
  const door = { profile: 'ev1527/contact', address: '5C0FF', options: { open: 'A', closed: 'E' } }
  const eep = { eep: 'A5-02-05' }

  test('many may share a receiver, each with its own sender', () => {
    expect(withDevices(button, door)().devices.map(({ address }) => address)).toEqual(['ABCDE', '5C0FF'])
    expect(withDevices({ profile: 'enocean/temperature', address: '0181B744', options: eep })).not.toThrow()
  })
  test.for([
    ['two with one sender', [button, { ...door, address: 'ABCDE' }], 'devices[1].address: ABCDE is already taken'],
    ['a sender in small letters', [{ ...button, address: 'abcde' }], 'like ABCDE'],
    ['no sender', [{ profile: 'enocean/pendant' }], 'like 0181B744'],
    ['a radar with an address', [{ profile: 'hilink/ld2410', address: '1' }], 'this radar has no address'],
    ['two radars', [{ profile: 'hilink/ld2410' }, { profile: 'hilink/ld2410' }], 'already carries another ld2410'],
    [
      'two receivers',
      [button, { profile: 'rfxcom/smoke', address: 'FFAA00' }],
      'already carries another rf433-portisch',
    ],
    ['an LD6002B beside an LD6002', [{ profile: 'hilink/ld6002' }, { profile: 'hilink/ld6002b' }], 'already carries'],
    [
      'a thermometer of no known range',
      [{ profile: 'enocean/temperature', address: '0181B744' }],
      'options.eep: is missing',
    ],
    [
      'a range nobody knows',
      [{ profile: 'enocean/temperature', address: '0181B744', options: { eep: 'A5-02-0C' } }],
      'options.eep',
    ],
    ['a key of two digits', [{ ...button, options: { key: '10' } }], 'options.key: is not'],
  ] as const)('%s is refused', ([, given, says]) => {
    expect(withDevices(...given)).toThrow(says)
  })
})

const parse = (...devices: object[]) => parseConfig({ ...good, devices }, environment)

describe('an address to which anybody answers', () => {
  const water = { id: 'water', placement: 'water', profile: 'mbus/water', line: 'rs485-1', address: '254' }
  const heat = { ...water, id: 'heat', placement: 'heat', profile: 'mbus/heat', address: '1' }
  const { address: _, ...head } = { ...water, id: 'head', profile: 'iec62056/electricity' }

  test.for([[[water]], [[head]], [[heat, { ...water, address: '2' }]]] as const)('is good alone: %j', ([devices]) => {
    expect(parse(...devices).devices).toHaveLength(devices.length)
  })

  test.for([
    { devices: [heat, water], anybody: 'water' },
    { devices: [water, heat], anybody: 'water' },
    { devices: [{ ...head, address: '1' }, head], anybody: 'head' },
  ])('is refused where somebody else hangs: $devices', ({ devices, anybody }) => {
    const names = devices.map((device, i) => ({ ...device, id: i === 0 && device.id === 'head' ? 'first' : device.id }))
    expect(() => parse(...names)).toThrow(`devices[1].line: on rs485-1 hangs ${anybody}, whose address is one for`)
  })
})

describe('plaintext off loopback', () => {
  test.for([
    { path: 'broker.host', value: '0.0.0.0' },
    { path: 'http.host', value: '192.168.1.4' },
    { path: 'uplink.url', value: 'mqtt://centre.example:1883' },
  ])('$path = $value is refused, unless it was allowed', ({ path, value }) => {
    expect(() => parseConfig(changed(path, value), environment)).toThrow(`${path}: plaintext`)
    expect(() => parseConfig(changed(path, value), { allowPlaintext: true })).not.toThrow()
  })
  test('mqtts needs no permission', () => {
    expect(() => parseConfig(changed('uplink.url', 'mqtts://centre.example:8883'), environment)).not.toThrow()
  })
})

test.for([
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['[::1]', true],
  ['::ffff:127.0.0.1', true],
  ['127.0.0.1.evil.example', false],
  ['0.0.0.0', false],
  ['10.0.0.1', false],
  ['', false],
] as const)('%s is loopback: %s', ([host, loopback]) => {
  expect(isLoopback(host)).toBe(loopback)
})

test('a file that is not there is named', async () => {
  const reading = readConfig('/nowhere/gateway.json', { ...environment, logLevel: 'info', dataDir: undefined })
  await expect(reading).rejects.toThrow('/nowhere/gateway.json: ')
})
