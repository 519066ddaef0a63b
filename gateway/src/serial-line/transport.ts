import { stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { SerialPort } from 'serialport'
import type { LineUrl } from './line-url.ts'

/** One open connection to a line; gone for good once closed. */
export interface Transport {
  write(bytes: Uint8Array): Promise<void>
  /** Only where the port can: a TCP converter has its speed from whoever set it up. */
  setBaud?(baud: number): Promise<void>
  /**
   * Whether the port is still the one that was opened. A dongle that is pulled does not always end the read that waits on it,
   * and one that was plugged in again is another device under the same name. Only where there is something to look at.
   */
  present?(): Promise<boolean>
  close(): Promise<void>
}
export interface TransportEvents {
  onBytes(bytes: Uint8Array): void
  /** Once, whoever closed it; it may be before the transport was handed out. */
  onClosed(why: string): void
}
/** Aborting `signal` gives up a connection that is still being made. */
export type OpenTransport = (url: LineUrl, events: TransportEvents, signal: AbortSignal) => Promise<Transport>

const connectTimeoutMs = 5_000
/** A converter that lost power says nothing: the kernel has to ask. */
const keepAliveMs = 5_000

/** Opens a port of this machine or a TCP converter. Rejects with the system's own words. */
export const openTransport: OpenTransport = (url, events, signal) =>
  url.kind === 'tcp' ? openTcp(url, events, signal) : openSerial(url, events)

function openTcp(
  url: Extract<LineUrl, { kind: 'tcp' }>,
  events: TransportEvents,
  signal: AbortSignal,
): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: url.host,
      port: url.port,
      keepAlive: true,
      keepAliveInitialDelay: keepAliveMs,
      noDelay: true,
    })
    const giveUp = () => socket.destroy(new Error('given up'))
    signal.addEventListener('abort', giveUp, { once: true })
    let why = 'closed by the other end'
    let opened = false
    socket.setTimeout(connectTimeoutMs, () => socket.destroy(new Error(`no connection within ${connectTimeoutMs} ms`)))
    socket.on('error', (error) => {
      why = error.message
    })
    socket.once('close', () => {
      signal.removeEventListener('abort', giveUp)
      if (opened) events.onClosed(why)
      else reject(new Error(why))
    })
    socket.once('connect', () => {
      opened = true
      socket.setTimeout(0)
      socket.on('data', (bytes) => events.onBytes(bytes))
      resolve({
        write: (bytes) =>
          new Promise((done, fail) => {
            socket.write(bytes, (error) => (error ? fail(error) : done()))
          }),
        close: () =>
          new Promise((done) => {
            if (socket.closed) return done()
            socket.once('close', () => done())
            socket.destroy()
          }),
      })
    })
  })
}

async function openSerial(url: Extract<LineUrl, { kind: 'serial' }>, events: TransportEvents): Promise<Transport> {
  const { path, baud: baudRate, parity, dataBits, stopBits } = url
  const port = new SerialPort({ path, baudRate, parity, dataBits, stopBits, autoOpen: false })
  let why = 'the port was closed'
  port.on('error', (error) => {
    why = error.message
    // An error of the device that is no word of its end (EIO): the library would go on reading it for ever.
    if (port.isOpen) port.close(() => undefined)
  })
  await asked((done) => port.open(done))
  /** What is being waited for of it. The library keeps what a closed port is asked for until it is opened again, which it never is. */
  const waiting = new Set<(why: Error) => void>()
  const askedOfOpen: typeof asked = async (call) => {
    if (!port.isOpen) throw new Error(why)
    const closed = Promise.withResolvers<never>()
    waiting.add(closed.reject)
    try {
      await Promise.race([asked(call), closed.promise])
    } finally {
      waiting.delete(closed.reject)
    }
  }
  port.once('close', (error?: Error) => {
    why = error?.message ?? why
    for (const fail of waiting) fail(new Error(why))
    waiting.clear()
    events.onClosed(why)
  })
  port.on('data', (bytes: Uint8Array) => events.onBytes(bytes))
  const opened = await deviceOf(path)
  return {
    async write(bytes) {
      await askedOfOpen((done) => port.write(Buffer.from(bytes), done))
      // Written is not sent: at 300 baud the last byte leaves the port most of a second later.
      await askedOfOpen((done) => port.drain(done))
    },
    setBaud: (baud) => askedOfOpen((done) => port.update({ baudRate: baud }, done)),
    present: async () => (await deviceOf(path)) === opened,
    async close() {
      if (port.isOpen) await asked((done) => port.close(done)).catch(() => undefined)
    },
  }
}

/** The serial library's calls with a callback, as promises. */
const asked = (call: (done: (error?: Error | null) => void) => void): Promise<void> =>
  new Promise((done, fail) => call((error) => (error ? fail(error) : done())))

/** The device a path leads to now, by its number; undefined when it leads nowhere. */
async function deviceOf(path: string): Promise<string | undefined> {
  try {
    const { rdev, ino } = await stat(path)
    return `${rdev}/${ino}`
  } catch {
    return undefined
  }
}
