import { EventEmitter } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Absence,
  definitionOf,
  deviceId,
  placementId,
  type Reading,
  reading,
  seconds,
  seededRandom,
} from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { encodeRead, type ModbusRead } from '@anju/device-profiles/protocols/modbus-rtu/encode'
import type { Register, RegisterMap } from '@anju/device-profiles/protocols/modbus-rtu/register-map'
import { registerMaps } from '@anju/device-profiles/register-maps'
import { profileById } from '@anju/device-profiles/registry'
import { busMaster } from '@anju/gateway/drivers/bus-master/bus-master'
import type { Device } from '@anju/gateway/ports'
import { Line } from '@anju/gateway/serial-line/line'
import { parseLineUrl } from '@anju/gateway/serial-line/line-url'
import { openTransport } from '@anju/gateway/serial-line/transport'
import { silentLog } from '@anju/gateway/testing/silent-log'
import { findSocat, openPtyLine } from '@anju/simulators/serial-bridge/pty-line'
import modbus, { ServerSerial } from 'modbus-serial'
import { afterAll, expect, test } from 'vitest'
import { until } from '../harness/wait.ts'

/*
 * Our codec against somebody else's: the server of the modbus-serial package plays every meter we have a register map of, on
 * one line, and our bus master reads it over a real port.
 */
const folder = mkdtempSync(join(tmpdir(), 'anju-modbus-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const socat = findSocat(process.env['PATH'])
if (!socat) console.log('skipped: the Modbus library on a pseudo-terminal, because socat is not on the PATH')

const ignore = () => {}
const parts = (hear: (bytes: Uint8Array) => void) => ({ clock: systemClock, log: ignore, hear })

/** Something each register can say, another one for each meter and place, with no more digits than its format carries. */
function valueOf({ quantity, format, exponent = 0 }: Register, unit: number, place: number): number {
  const digits = 1_001 + unit * 100 + place * 7
  if (quantity === 'frequency') return (490 + place) / 10
  if (quantity === 'power-factor') return (90 + place) / 100
  if (quantity === 'electric-potential') return (2_200 + unit * 10 + place) / 10
  if (format === 'f32') return (definitionOf(quantity).min < 0 && place % 2 === 1 ? -digits : digits) / 10
  return Number(`${digits}e${exponent}`)
}

/** As a meter lays it into its registers, by way of Node's own buffers. */
function wordsOf({ format, exponent = 0 }: Register, value: number): number[] {
  const raw = Number((value / 10 ** exponent).toPrecision(9))
  const bytes = Buffer.alloc(format === 'u16' || format === 'i16' ? 2 : 4)
  if (format === 'f32') bytes.writeFloatBE(raw)
  else bytes.writeUIntBE(raw, 0, bytes.length)
  const words = Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readUInt16BE(i * 2))
  return format === 'u32-low-word-first' ? words.reverse() : words
}

const unitOf = (map: RegisterMap): number => registerMaps.indexOf(map) + 1
const truthOf = (map: RegisterMap): ReadonlyMap<Register, number> =>
  new Map(map.registers.map((register, place) => [register, valueOf(register, unitOf(map), place)]))

const withoutRegisters = 101
const broken = 102

/** Every meter's registers, as the library asks for them one by one. */
function servedBy(kind: 3 | 4): (address: number, unit: number) => number {
  const held = new Map<string, number>()
  for (const map of registerMaps)
    if (map.function === kind)
      for (const [register, value] of truthOf(map))
        for (const [i, word] of wordsOf(register, value).entries()) held.set(`${unitOf(map)} ${register.at + i}`, word)
  return (address, unit) => {
    if (unit === withoutRegisters) throw Object.assign(new Error('no such register'), { modbusErrorCode: 2 })
    if (unit === broken) throw Object.assign(new Error('out of order'), { modbusErrorCode: 4 })
    return held.get(`${unit} ${address}`) ?? 0
  }
}

function installed(profileId: string, unit: number): Device {
  const profile = profileById(profileId)
  if (!profile) throw new Error(`no profile ${profileId}`)
  const name = `meter-${unit}`
  return { id: deviceId(name), placement: placementId(name), profile, options: {}, line: 'rs485', address: `${unit}` }
}

test.runIf(socat)(
  'every Modbus meter on a line that the library serves is read by our bus master, point by point',
  async () => {
    const settings = 'baud=9600'
    // Two pseudo-terminals, each with its far end here: what one hears the other says.
    const ours = await openPtyLine(
      { socat: socat ?? '', path: join(folder, 'gateway'), settings },
      parts((bytes) => theirs.write(bytes)),
    )
    const theirs = await openPtyLine(
      { socat: socat ?? '', path: join(folder, 'library'), settings },
      parts((bytes) => ours.write(bytes)),
    )
    const server = new ServerSerial(
      { getHoldingRegister: servedBy(3), getInputRegister: servedBy(4) },
      { path: join(folder, 'library'), baudRate: 9_600, unitID: 255 },
    )
    await new Promise<void>((resolve) => server.on('initialized', () => resolve()))

    const read = new Map<string, Readonly<Record<string, Reading | undefined>>>()
    const absences: { unit: string; why: Absence; alive: boolean }[] = []
    const line = new Line({
      id: 'rs485',
      url: parseLineUrl(ours.url, 'line'),
      clock: systemClock,
      random: seededRandom(1),
      log: silentLog,
      quietMax: seconds(60),
      open: openTransport,
    })
    await line.start()
    const devices = [
      ...registerMaps.map((map) => installed(map.id, unitOf(map))),
      installed('eastron/sdm120', withoutRegisters),
      installed('eastron/sdm120', broken),
    ]
    const driver = busMaster.attach(line, devices, {
      clock: systemClock,
      random: seededRandom(1),
      log: silentLog,
      listener: {
        hear: ({ device, driver: name, message }) => {
          if (name !== 'modbus-rtu' || device.profile.driver !== 'modbus-rtu') throw new Error('another protocol')
          const readings: Readonly<Record<string, Reading | undefined>> = device.profile.decode(message, {}).readings
          read.set(device.profile.id, { ...read.get(device.profile.id), ...readings })
          return Promise.resolve()
        },
        silence: ({ address = '' }, _points, why, alive) =>
          Promise.resolve(void absences.push({ unit: address, why, alive })),
        stranger: () => undefined,
        refuse: () => Promise.resolve(),
      },
    })

    const points = registerMaps.flatMap(({ registers }) => registers).length
    const pointsRead = () => [...read.values()].flatMap((readings) => Object.keys(readings)).length
    await until('every point and every refusal', () => pointsRead() === points && absences.length === 4, {
      withinMs: 20_000,
    })
    await driver.stop()
    await line.stop()
    await new Promise<void>((resolve) => server.close(() => resolve()))
    await ours.stop()
    await theirs.stop()

    expect(registerMaps.length).toBeGreaterThan(5)
    for (const map of registerMaps)
      expect([map.id, read.get(map.id)]).toEqual([
        map.id,
        Object.fromEntries([...truthOf(map)].map(([{ point }, value]) => [point, reading(value)])),
      ])
    expect(absences.toSorted((a, b) => a.unit.localeCompare(b.unit))).toEqual([
      { unit: `${withoutRegisters}`, why: 'not-supported', alive: true },
      { unit: `${withoutRegisters}`, why: 'not-supported', alive: true },
      { unit: `${broken}`, why: 'device-fault', alive: true },
      { unit: `${broken}`, why: 'device-fault', alive: true },
    ])
  },
)

/** What the library's own master would say for a read. */
function saidByLibrary({ unit, function: code, from, count }: ModbusRead): string {
  const said: Buffer[] = []
  const port = Object.assign(new EventEmitter(), {
    isOpen: true,
    open: (opened: () => void) => opened(),
    write: (bytes: Buffer) => said.push(bytes),
  })
  const client = new modbus.default(port)
  client.open(ignore)
  if (code === 3) client.writeFC3(unit, from, count, ignore)
  else client.writeFC4(unit, from, count, ignore)
  return Buffer.concat(said).toString('hex')
}

test.for(
  registerMaps.flatMap((map) =>
    map.blocks.map((block): ModbusRead => ({ unit: 17, function: map.function, from: block.from, count: block.count })),
  ),
)('our question %o is the library’s, byte for byte', (read) => {
  expect(Buffer.from(encodeRead(read)).toString('hex')).toBe(saidByLibrary(read))
})
