import { expect, test } from 'vitest'
import { loadConfig } from './config.ts'

test('an empty environment is a laptop: loopback, embedded everything', () => {
  const config = loadConfig({})
  expect(config).toMatchObject({
    http: { host: '127.0.0.1', port: 8080 },
    mqtt: { port: 1883 },
    dataDir: './var',
    publicUrl: 'http://127.0.0.1:8080',
    demo: false,
  })
  expect(config.database).toBeUndefined()
  expect(config.channelsFile).toBeUndefined()
})

const influx = { INFLUX_URL: 'https://influx.example:8086', INFLUX_TOKEN: 't', INFLUX_ORG: 'o', INFLUX_BUCKET: 'b' }

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
  [{ ...influx, INFLUX_URL: 'influx:8086' }, /INFLUX_URL: must begin with/],
  [{ ...influx, INFLUX_URL: 'https://' }, /INFLUX_URL: is not a URL/],
  [{ ...influx, INFLUX_URL: 'http://influx.example' }, /INFLUX_URL: influx.example is not loopback/],
  [{ ANJU_HTTP_HOST: '0.0.0.0' }, /ANJU_HTTP_HOST: 0.0.0.0 is not loopback/],
  [{ ANJU_MQTT_HOST: '10.0.0.1' }, /ANJU_MQTT_HOST/],
  [{ ANJU_MQTT_URL: 'mqtt://broker.example' }, /ANJU_MQTT_URL/],
  [{ ANJU_PUBLIC_URL: 'anju.example.org' }, /ANJU_PUBLIC_URL: must begin with/],
  [{ ANJU_PUBLIC_URL: 'https://anju.example.org/app' }, /ANJU_PUBLIC_URL: must be a scheme, a host/],
  [{ ANJU_PUBLIC_URL: 'https://me:secret@anju.example.org' }, /ANJU_PUBLIC_URL: must be a scheme, a host/],
  [{ ANJU_PUBLIC_URL: 'http://anju.example.org' }, /ANJU_PUBLIC_URL: anju.example.org is not loopback/],
  [{ ANJU_SECOND_FACTOR_KEY: 'c2hvcnQ' }, /ANJU_SECOND_FACTOR_KEY: is not a key of 32 bytes in base64url$/],
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

test.for([
  [{ ANJU_HTTP_PORT: '18080' }, 'http://127.0.0.1:18080'],
  [{ ANJU_PUBLIC_URL: 'https://anju.example.org/' }, 'https://anju.example.org'],
  [{ ANJU_PUBLIC_URL: 'http://anju.local:8080', ANJU_ALLOW_PLAINTEXT: '1' }, 'http://anju.local:8080'],
] as const)('with %j people reach the server at %s', ([env, publicUrl]) => {
  expect(loadConfig(env).publicUrl).toBe(publicUrl)
})

test('an InfluxDB is named whole, and its token crosses no network in the clear', () => {
  expect(loadConfig(influx).influx).toEqual({ url: influx.INFLUX_URL, token: 't', org: 'o', bucket: 'b' })
  const near = { ...influx, INFLUX_URL: 'http://127.0.0.1:8086' }
  expect(loadConfig(near).influx?.url).toBe('http://127.0.0.1:8086')
  const allowed = { ...influx, INFLUX_URL: 'http://influx.example', ANJU_ALLOW_PLAINTEXT: '1' }
  expect(loadConfig(allowed).influx?.url).toBe('http://influx.example')
})

test('the file of the channels is named, not read', () => {
  expect(loadConfig({ ANJU_CHANNELS_FILE: '/etc/anju/channels.json' }).channelsFile).toBe('/etc/anju/channels.json')
})
