import { expect, test } from 'vitest'
import { loadConfig } from './config.ts'

test('an empty environment is a laptop: loopback, embedded everything', () => {
  const config = loadConfig({})
  expect(config).toMatchObject({
    http: { host: '127.0.0.1', port: 8080 },
    mqtt: { port: 1883 },
    dataDir: './var',
    demo: false,
  })
  expect(config.database).toBeUndefined()
})

test.for([
  [{ ANJU_HTTP_PORT: 'eighty' }, /ANJU_HTTP_PORT: "eighty" is not a port/],
  [{ ANJU_MQTT_PORT: '70000' }, /ANJU_MQTT_PORT/],
  [{ ANJU_DEMO: 'yes' }, /ANJU_DEMO: "yes" is neither 0 nor 1/],
  [{ ANJU_DEMO: '1' }, /ANJU_DEMO_PASSWORD: needed/],
  [{ ANJU_LOG_LEVEL: 'loud' }, /ANJU_LOG_LEVEL/],
  [{ DATABASE_URL: 'mysql://x' }, /DATABASE_URL: must begin with/],
  [{ DATABASE_OWNER_URL: 'postgres://x' }, /DATABASE_URL: needed/],
  [{ ANJU_TLS_CERT: '/a' }, /ANJU_TLS_KEY: needed together/],
  [{ INFLUX_URL: 'http://x' }, /INFLUX_TOKEN: needed together/],
  [{ ANJU_HTTP_HOST: '0.0.0.0' }, /ANJU_HTTP_HOST: 0.0.0.0 is not loopback/],
  [{ ANJU_MQTT_HOST: '10.0.0.1' }, /ANJU_MQTT_HOST/],
  [{ ANJU_MQTT_URL: 'mqtt://broker.example' }, /ANJU_MQTT_URL/],
] as const)('%j is refused by name', ([env, why]) => {
  expect(() => loadConfig(env)).toThrow(why)
})

test('plaintext off loopback is allowed by name only', () => {
  expect(loadConfig({ ANJU_HTTP_HOST: '0.0.0.0', ANJU_ALLOW_PLAINTEXT: '1' }).http.host).toBe('0.0.0.0')
  expect(loadConfig({ ANJU_MQTT_URL: 'mqtts://broker.example' }).mqtt.url).toBe('mqtts://broker.example')
})

test.for([
  [{ ANJU_MQTT_HOST: '0.0.0.0', ANJU_TLS_CERT: '/c', ANJU_TLS_KEY: '/k' }, '127.0.0.1'],
  [{ ANJU_MQTT_HOST: '0.0.0.0', ANJU_TLS_CERT: '/c', ANJU_TLS_KEY: '/k', ANJU_ALLOW_PLAINTEXT: '1' }, '0.0.0.0'],
  [{ ANJU_MQTT_HOST: '::1' }, '::1'],
] as const)('with %j gateways’ passwords in the clear are heard on %s', ([env, plainHost]) => {
  expect(loadConfig(env).mqtt.plainHost).toBe(plainHost)
})
