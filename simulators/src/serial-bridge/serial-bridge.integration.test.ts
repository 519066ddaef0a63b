import { once } from 'node:events'
import { mkdtempSync, readlinkSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@anju/contract/system-clock'
import { SerialPort } from 'serialport'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findSocat, openPtyLine } from './pty-line.ts'
import { openTcpLine } from './tcp-line.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'anju-line-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const socat = findSocat(process.env['PATH'])
if (!socat) console.log('skipped: the pseudo-terminal tests, because socat is not on the PATH')

const echoing = (log: (message: string) => void = () => {}) => {
  const parts = {
    clock: systemClock,
    log,
    hear: (bytes: Uint8Array) => parts.say?.(bytes),
    say: undefined as ((bytes: Uint8Array) => void) | undefined,
  }
  return parts
}

async function openPort(path: string): Promise<SerialPort> {
  const port = new SerialPort({ path, baudRate: 2_400, parity: 'even', autoOpen: false })
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())))
  return port
}

async function asks(port: SerialPort, bytes: readonly number[]): Promise<string> {
  let heard = ''
  const whole = new Promise<string>((resolve) => {
    port.on('data', (chunk: Buffer) => {
      heard += chunk.toString('hex')
      if (heard.length >= bytes.length * 2) resolve(heard)
    })
  })
  port.write(Buffer.from(bytes))
  return whole
}
const closed = (port: SerialPort) => new Promise<void>((resolve) => port.close(() => resolve()))

test.runIf(socat)('a pseudo-terminal carries bytes both ways, also for the second who opens it', async () => {
  const parts = echoing()
  const path = join(folder, 'rs485')
  const line = await openPtyLine({ socat: socat ?? '', path, settings: 'baud=2400&parity=even' }, parts)
  parts.say = (bytes) => line.write(bytes)
  expect(line.url).toBe(`serial:${path}?baud=2400&parity=even`)
  for (const bytes of [
    [0x68, 0x00, 0x0d, 0x0a, 0x16],
    [0x11, 0x13, 0xff, 0x03],
  ]) {
    const port = await openPort(path)
    expect(await asks(port, bytes)).toBe(Buffer.from(bytes).toString('hex'))
    await closed(port)
  }
  await line.stop()
  expect(() => readlinkSync(path)).toThrow('ENOENT')
})

test.runIf(socat)('a socat that is killed comes back under the same path', async () => {
  const ended = Promise.withResolvers<string>()
  const parts = echoing(ended.resolve)
  const path = join(folder, 'rs485-again')
  const line = await openPtyLine({ socat: socat ?? '', path, settings: 'baud=2400' }, parts)
  parts.say = (bytes) => line.write(bytes)
  const killed = line.pid ?? 0
  process.kill(killed, 'SIGKILL')
  expect(await ended.promise).toContain('SIGKILL')
  const back = () => line.pid !== undefined && line.pid !== killed && linkOf(path) !== undefined
  await expect.poll(back, { timeout: 5_000, interval: 20 }).toBe(true)
  const port = await openPort(path)
  expect(await asks(port, [1, 2, 3])).toBe('010203')
  await closed(port)
  await line.stop()
})

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}

test('a line over TCP carries bytes both ways and frees its port', async () => {
  const parts = echoing()
  const line = await openTcpLine({ host: '127.0.0.1', port: 0 }, parts)
  parts.say = (bytes) => line.write(bytes)
  const port = Number(new URL(line.url).port)
  const socket = connect(port, '127.0.0.1')
  socket.write(Buffer.from([0x01, 0x0e, 0x02]))
  const [answer] = (await once(socket, 'data')) as [Buffer]
  expect(answer.toString('hex')).toBe('010e02')
  const gone = once(socket, 'close')
  await line.stop()
  await gone
  const again = await openTcpLine({ host: '127.0.0.1', port }, parts)
  await again.stop()
})
