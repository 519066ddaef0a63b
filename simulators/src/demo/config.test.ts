import { expect, test } from 'vitest'
import { loadDemoConfig, reachableHost } from './config.ts'

test('an empty environment gives what is published', () => {
  expect(loadDemoConfig({})).toMatchObject({
    http: { host: '127.0.0.1', port: 8_080 },
    mqtt: { host: '127.0.0.1', port: 1_883 },
    gatewayMqttPort: 1_884,
    gatewayHttpPort: 8_081,
    password: undefined,
    underNpm: false,
  })
  expect(loadDemoConfig({}).dataDir).toMatch(/\/var$/)
})

test.for(['0', '70000', 'http', '8080.5', '-1'])('the port "%s" is refused by name', (port) => {
  expect(() => loadDemoConfig({ ANJU_GATEWAY_HTTP_PORT: port })).toThrow(`ANJU_GATEWAY_HTTP_PORT: "${port}"`)
})

test('an external broker has no port of ours, and everywhere is also here', () => {
  expect(loadDemoConfig({ ANJU_MQTT_URL: 'mqtts://broker.example' }).mqtt).toBeUndefined()
  expect(reachableHost('0.0.0.0')).toBe('127.0.0.1')
  expect(reachableHost('::1')).toBe('[::1]')
})
