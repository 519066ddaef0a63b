import { expect, test } from 'vitest'
import { parseHomeConfig } from './config.ts'

const good = {
  dataDir: '/tmp/x',
  seed: 82,
  timeZone: 'Asia/Shanghai',
  broker: { url: 'mqtt://127.0.0.1:1884', username: 'z2m', password: 'p' },
  button: { friendlyName: 'bathroom button' },
  meter: { address: '000000000161', line: { kind: 'tcp', host: '127.0.0.1', port: 7002 } },
  radar: { line: { kind: 'tcp', host: '127.0.0.1', port: 7001 } },
}

test('a whole configuration is taken as it is', () => {
  expect(parseHomeConfig(JSON.stringify(good), 'home.json')).toEqual(good)
})

test.for([
  ['/meter/address', { ...good, meter: { ...good.meter, address: '161' } }],
  ['/seed', { ...good, seed: -1 }],
  ['/broker/url', { ...good, broker: { ...good.broker, url: 'http://127.0.0.1' } }],
  ['/timeZone', { ...good, timeZone: 'Asia/Atlantis' }],
  ['/colour is not a field', { ...good, colour: 'red' }],
] as const)('a wrong one is refused, naming %s', ([field, config]) => {
  expect(() => parseHomeConfig(JSON.stringify(config), 'home.json')).toThrow(field)
})

test('what is no JSON at all is said to be so', () => {
  expect(() => parseHomeConfig('seed: 82', 'home.json')).toThrow('home.json is not JSON')
})
