import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { downFilter, gatewayId, seededRandom, upTopic } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import mqtt from 'mqtt'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../../tests/harness/ports.ts'
import { until } from '../../../tests/harness/wait.ts'
import { brokerSuite } from './broker.suite.ts'
import { connectExternalBroker } from './external.ts'

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const options = { clock: systemClock, random: seededRandom(1), log: quiet, eventConnections: 2 }
const programs = ['mosquitto', '/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/opt/homebrew/sbin/mosquitto']
const mosquitto = programs.find((program) => spawnSync(program, ['-h']).error === undefined)
if (!mosquitto) console.log('skipped: the suite of an external broker, because mosquitto is not installed')

const folder = mkdtempSync(join(tmpdir(), 'anju-mosquitto-'))
const running: ChildProcess[] = []

async function run(port: number): Promise<ChildProcess> {
  const file = join(folder, `${port}.conf`)
  writeFileSync(file, `listener ${port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 10000\n`)
  const child = spawn(mosquitto ?? '', ['-c', file], { stdio: 'ignore' })
  running.push(child)
  await until(
    'mosquitto',
    () =>
      mqtt
        .connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 })
        .then((one) => one.endAsync(true).then(() => true)),
    {
      withinMs: 10_000,
    },
  )
  return child
}
const ended = (child: ChildProcess) =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve(undefined)
    child.once('exit', resolve)
    child.kill()
  })

afterAll(async () => {
  await Promise.all(running.map(ended))
  rmSync(folder, { recursive: true, force: true })
})

describe.skipIf(!mosquitto)('with Mosquitto outside', () => {
  let port = 0
  const one = gatewayId('gw-one')
  const dial = () => mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 50 })

  beforeAll(async () => {
    port = await freePort()
    await run(port)
  })

  describe('as every broker', () => {
    brokerSuite(async () => {
      const broker = await connectExternalBroker({ ...options, url: `mqtt://127.0.0.1:${port}` })
      return {
        broker,
        async connect(gateway, { will } = {}) {
          const url = `mqtt://127.0.0.1:${port}`
          const client = await mqtt.connectAsync(url, {
            reconnectPeriod: 0,
            clientId: gateway,
            ...(will ? { will: { topic: upTopic(gateway, 'health'), payload: Buffer.from(will), qos: 1 } } : {}),
          })
          client.on('error', () => undefined)
          await client.subscribeAsync(downFilter(gateway), { qos: 1 })
          return client
        },
        close: () => broker.close(),
      }
    })
  })

  test('two servers share the work: each message is taken by one of them', async () => {
    const taken: string[] = []
    const servers = await Promise.all(
      [1, 2].map(() => connectExternalBroker({ ...options, url: `mqtt://127.0.0.1:${port}` })),
    )
    const by = [0, 0]
    for (const [index, server] of servers.entries())
      server.onUplink(({ payload }) => {
        taken.push(Buffer.from(payload).toString())
        by[index] = (by[index] ?? 0) + 1
        return true
      })
    const client = await dial()
    const sent = Array.from({ length: 100 }, (_, index) => `${index}`)
    await Promise.all(sent.map((text) => client.publishAsync(upTopic(one, 'event'), text, { qos: 1 })))
    await until('all of them', () => taken.length >= sent.length, { withinMs: 5_000 })
    expect([...taken].sort()).toEqual([...sent].sort())
    expect(Math.min(...by)).toBeGreaterThan(0)
    await Promise.all([client.endAsync(true), ...servers.map((server) => server.close())])
  })

  test('what the store did not take is tried again and never acknowledged; sent again, another server takes it', async () => {
    const first = await connectExternalBroker({ ...options, url: `mqtt://127.0.0.1:${port}` })
    let tries = 0
    first.onUplink(async () => {
      tries++
      return false
    })
    const second = await connectExternalBroker({ ...options, url: `mqtt://127.0.0.1:${port}` })
    const taken: string[] = []
    const client = await dial()
    second.onUplink(({ payload }) => {
      taken.push(Buffer.from(payload).toString())
      return true
    })
    const sent = Array.from({ length: 12 }, (_, index) => `${index}`)
    await Promise.all(sent.map((text) => client.publishAsync(upTopic(one, 'event'), text, { qos: 1 })))
    await until('a second try', () => tries > 2, { withinMs: 5_000 })
    const stuck = sent.length - taken.length
    expect(stuck).toBeGreaterThan(0)
    await first.close()
    // Mosquitto drops what a clean session held. It was never receipted, so its gateway sends it again, until it is.
    await until(
      'all of them',
      async () => {
        const missing = sent.filter((text) => !taken.includes(text))
        await Promise.all(missing.map((text) => client.publishAsync(upTopic(one, 'event'), text, { qos: 1 })))
        return missing.length === 0
      },
      { withinMs: 5_000, everyMs: 100 },
    )
    await Promise.all([client.endAsync(true), second.close()])
  })

  test('comes back by itself when the broker does', async () => {
    const own = await freePort()
    const child = await run(own)
    const broker = await connectExternalBroker({ ...options, url: `mqtt://127.0.0.1:${own}` })
    const heard: string[] = []
    broker.onUplink(({ topic }) => {
      heard.push(topic)
      return true
    })
    await ended(child)
    await until('it to notice', () => !broker.ready, { withinMs: 5_000 })
    await run(own)
    await until('it to be back', () => broker.ready, { withinMs: 10_000 })
    expect(heard).toEqual([])
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${own}`)
    await until(
      'its subscriptions to be back',
      async () => {
        await client.publishAsync(upTopic(one, 'event'), 'x', { qos: 1 })
        return heard.length > 0
      },
      { withinMs: 5_000 },
    )
    await Promise.all([client.endAsync(true), broker.close()])
  })
})

test('no broker at the address is a clear error that names the variable', async () => {
  const nowhere = connectExternalBroker({
    ...options,
    url: `mqtt://127.0.0.1:${await freePort()}`,
    connectWithinMs: 300,
  })
  await expect(nowhere).rejects.toThrow(/ANJU_MQTT_URL: no broker answers/)
})
