import { connect as tcp } from 'node:net'
import { gatewayId } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import mqtt from 'mqtt'
import { expect, test } from 'vitest'
import { startEmbeddedBroker } from './embedded.ts'
import { selfSigned } from './tls.fixture.ts'

const reachable = (host: string, port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = tcp({ host, port })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

const linux = process.platform === 'linux'
if (!linux) console.log('skipped: where the broker listens, because only Linux has a second loopback address')

test.runIf(linux)('TLS is heard where others come from, plaintext only where it was allowed', async () => {
  const broker = await startEmbeddedBroker({
    host: '127.0.0.1',
    port: 0,
    tls: { host: '127.0.0.2', port: 0, ...selfSigned },
    directory: { authenticate: async (name) => gatewayId(name), homeOf: async () => undefined },
    clock: systemClock,
  })
  try {
    broker.onUplink(() => true)
    const tlsPort = broker.tlsPort ?? 0
    expect(await reachable('127.0.0.1', broker.port)).toBe(true)
    expect(await reachable('127.0.0.2', broker.port)).toBe(false)
    expect(await reachable('127.0.0.1', tlsPort)).toBe(false)
    const gateway = await mqtt.connectAsync(`mqtts://127.0.0.2:${tlsPort}`, {
      username: 'gw-1',
      password: 'any',
      ca: selfSigned.cert,
      reconnectPeriod: 0,
    })
    expect(broker.figures.connections).toBe(1)
    await gateway.endAsync()
  } finally {
    await broker.close()
  }
})
