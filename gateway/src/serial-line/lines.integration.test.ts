import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode, parseHealth, type Series, unwrap } from '@anju/contract'
import { type Dlt645Answer, encodeAnswer } from '@anju/device-profiles/protocols/dlt645/encode'
import { dlt645Scanner } from '@anju/device-profiles/protocols/dlt645/framing'
import { SerialPort } from 'serialport'
import { afterEach, expect, test, vi } from 'vitest'
import { aTestCentre, type TestCentre } from '../testing/centre.ts'
import { aTestGateway, type TestGateway } from '../testing/gateway.ts'

const address = '000000000161'
const radarDevice = { id: 'radar-1', placement: 'living-radar', profile: 'seeed/mr60fda2', line: 'radar-1' }
const meterDevice = (pollEveryS: object) => ({
  id: 'meter-1',
  placement: 'meter',
  profile: 'dlt645/single-phase',
  line: 'rs485-1',
  address,
  pollEveryS,
})
// Captured: fall 1 and fall 0, presence 1 (type 0F09), header and data check bytes included.
const fell = Buffer.from('010001000 10e02f201fe'.replaceAll(' ', ''), 'hex')
const stoodUp = Buffer.from('0100010001 0e02f200ff'.replaceAll(' ', ''), 'hex')

const cleanups: (() => Promise<unknown> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})
const until = <T>(check: () => T, timeout = 15_000): Promise<T> => vi.waitFor(check, { timeout, interval: 10 })

async function aTcpLine(): Promise<{
  port: number
  sockets: Set<Socket>
  server: Server
  onBytes: (listener: (bytes: Buffer) => void) => void
}> {
  const sockets = new Set<Socket>()
  const listeners: ((bytes: Buffer) => void)[] = []
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('data', (bytes) => listeners.forEach((listener) => listener(bytes)))
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const at = server.address()
  return {
    port: typeof at === 'object' && at ? at.port : 0,
    sockets,
    server,
    onBytes: (listener) => listeners.push(listener),
  }
}
async function aHome(more: {
  lines: object[]
  devices: object[]
}): Promise<{ centre: TestCentre; gateway: TestGateway }> {
  const centre = await aTestCentre('gw-test')
  cleanups.push(() => centre.stop())
  const gateway = await aTestGateway(centre.url, more)
  cleanups.push(() => gateway.stop())
  return { centre, gateway }
}
const refusing = (socket: Socket) => socket.destroy()
const valuesOf = (centre: TestCentre, p: string): (number | null)[] => seriesOf(centre, p).flatMap(({ v }) => v)
const seriesOf = (centre: TestCentre, p: string): Series[] =>
  centre.telemetry.flatMap(({ series }) => series.filter((one) => one.p === p))
const absencesOf = (centre: TestCentre, p: string): string[] =>
  seriesOf(centre, p).flatMap(({ absent }) => Object.values(absent ?? {}))

/** A meter of its own making: 230.1 V whatever is asked, or nothing at all. */
function aMeter() {
  const meter = {
    answers: true,
    asked: 0,
    hear: (_bytes: Uint8Array, _say: (answer: Uint8Array) => void) => undefined as void,
  }
  const scanner = dlt645Scanner()
  meter.hear = (bytes, say) => {
    for (const scanned of scanner.push(bytes)) {
      if (scanned.is !== 'frame' || scanned.frame.control !== 0x11) continue
      meter.asked++
      if (!meter.answers) continue
      const di = Buffer.from(scanned.frame.data.subarray(0, 4)).reverse().toString('hex').toUpperCase()
      const answer: Dlt645Answer =
        di === '02010100'
          ? { dialect: '2007', say: 'data', address, di, data: Uint8Array.from([0x01, 0x23]) }
          : { dialect: '2007', say: 'error', to: 'data', address, errorByte: 0x02 }
      say(encodeAnswer(answer))
    }
  }
  return meter
}

test('a fall on a radar behind a TCP converter is at the centre; its end is told; garbage before it harms nothing', async () => {
  const line = await aTcpLine()
  const { centre } = await aHome({
    lines: [{ id: 'radar-1', url: `tcp://127.0.0.1:${line.port}` }],
    devices: [radarDevice],
  })
  const [radar] = await until(() => {
    expect(line.sockets.size).toBe(1)
    return [...line.sockets]
  })
  radar?.write(Buffer.concat([Buffer.from('0101ffff00', 'hex'), fell]))
  await until(() => expect(centre.events).toHaveLength(1))
  expect(centre.events[0]).toMatchObject({
    type: 'anju.fall-detected',
    subject: 'living-radar',
    data: { class: 'life', phase: 'raised' },
  })
  radar?.write(stoodUp)
  await until(() => expect(centre.events).toHaveLength(2))
  expect(centre.events[1]).toMatchObject({ type: 'anju.fall-detected', data: { phase: 'returned' } })
})

test('a converter that goes away: points are absent for that reason and the line is reported at once, and returned when it is back', async () => {
  const line = await aTcpLine()
  const { centre, gateway } = await aHome({
    lines: [{ id: 'radar-1', url: `tcp://127.0.0.1:${line.port}` }],
    devices: [radarDevice],
  })
  await until(() => expect(line.sockets.size).toBe(1))
  line.server.prependListener('connection', refusing)
  for (const socket of line.sockets) socket.destroy()
  await until(() => expect(absencesOf(centre, 'living-radar/fall')).toContain('line-down'))
  expect(valuesOf(centre, 'living-radar/fall')).not.toContain(0)
  await until(
    () =>
      expect(centre.events).toMatchObject([
        { type: 'anju.line-down', subject: 'radar-1', data: { lane: 'technical', phase: 'raised' } },
      ]),
    20_000,
  )
  // A restart of the gateway does not report the same fault again, and knows that it must be returned.
  await gateway.restart()
  line.server.off('connection', refusing)
  await until(() => expect(centre.events.map(({ data }) => data.phase)).toEqual(['raised', 'returned']), 20_000)
})

test('a meter behind a TCP converter is read; when it stops answering it is absent, never 0', async () => {
  const line = await aTcpLine()
  const meter = aMeter()
  line.onBytes((bytes) => meter.hear(bytes, (answer) => line.sockets.forEach((socket) => socket.write(answer))))
  const everySecond = Object.fromEntries(
    ['02030000', '02010100', '02020100', '02060000', '02800002', '00010000'].map((di) => [di, 1]),
  )
  const { centre } = await aHome({
    lines: [{ id: 'rs485-1', url: `tcp://127.0.0.1:${line.port}` }],
    devices: [meterDevice(everySecond)],
  })
  await until(() => expect(valuesOf(centre, 'meter/voltage')).toContain(230.1))
  await until(() => expect(absencesOf(centre, 'meter/active-power')).toContain('not-supported'))
  meter.answers = false
  await until(() => expect(absencesOf(centre, 'meter/voltage')).toContain('no-answer'), 30_000)
  expect(valuesOf(centre, 'meter/voltage').filter((value) => value !== null && value !== 230.1)).toEqual([])
})

test('of a device behind a line that is down the centre is told which line it hangs on, and of a button that it hangs on none', async () => {
  const line = await aTcpLine()
  line.server.close()
  await once(line.server, 'close')
  const { centre } = await aHome({
    lines: [{ id: 'rs485-1', url: `tcp://127.0.0.1:${line.port}` }],
    devices: [meterDevice({ '02010100': 1 })],
  })
  await until(() => expect(centre.health).not.toEqual([]))
  const health = unwrap(parseHealth(encode(centre.health[0])))
  expect(health.links).toContainEqual({ id: 'rs485-1', state: 'down', why: expect.any(String) })
  expect(health.devices.map(({ id, link }) => ({ id, link }))).toEqual([
    { id: 'sos-1', link: undefined },
    { id: 'meter-1', link: 'rs485-1' },
  ])
})

const socat = spawnSync('socat', ['-V']).error === undefined
if (!socat) console.warn('skipped: "a meter on a pseudo-terminal", socat is not installed')
test.skipIf(!socat)(
  'a meter on a pseudo-terminal, 2400 8E1, is read; the port is opened again when it was pulled',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'anju-pty-'))
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }))
    const [ours, theirs] = [join(folder, 'gateway'), join(folder, 'meter')]
    const plugIn = async (): Promise<ChildProcess> => {
      const child = spawn('socat', ['-d', `pty,raw,echo=0,link=${ours}`, `pty,raw,echo=0,link=${theirs}`], {
        stdio: 'ignore',
      })
      await until(() => expect(existsSync(ours) && existsSync(theirs)).toBe(true))
      const port = new SerialPort({ path: theirs, baudRate: 2_400, parity: 'even' })
      port.on('data', (bytes: Buffer) => meter.hear(bytes, (answer) => port.write(Buffer.from(answer))))
      port.on('error', () => undefined)
      cleanups.push(async () => {
        if (child.exitCode === null && child.signalCode === null) {
          child.kill()
          await once(child, 'exit')
        }
      })
      return child
    }
    const meter = aMeter()
    const wire = await plugIn()
    const { centre, gateway } = await aHome({
      lines: [{ id: 'rs485-1', url: `serial:${ours}?baud=2400&parity=even` }],
      devices: [meterDevice({ '02010100': 1 })],
    })
    await until(() => expect(valuesOf(centre, 'meter/voltage')).toContain(230.1))
    wire.kill()
    await until(() => expect(absencesOf(centre, 'meter/voltage')).toContain('line-down'))
    const link = () => gateway.running.status().links.find(({ id }) => id === 'rs485-1')
    expect(link()?.state).toBe('down')
    const before = valuesOf(centre, 'meter/voltage').length
    await plugIn()
    await until(() => expect(link()?.state).toBe('up'))
    await until(() => expect(valuesOf(centre, 'meter/voltage').slice(before)).toContain(230.1))
  },
)
