import { absent, reading } from '@anju/contract'
import { expect, test } from 'vitest'
import { bytesOfHex, hexOf } from '../../src/byte-reader.ts'
import { scanAll } from '../../src/frame-scanner.ts'
import { profileById } from '../../src/registry.ts'
import { tellWithProfile } from '../../src/tell-with-profile.ts'
import { type ModbusAsk, modbusRtuWire } from './wire.ts'

const ask: ModbusAsk = { function: 4, from: 0, count: 2 }
const begin = (address: string, asked: ModbusAsk = ask) =>
  modbusRtuWire.begin({ address, ask: asked, aloneOnBus: false, speedChanges: false })
const heard = (address: string, hex: string) =>
  scanAll(modbusRtuWire.framing, bytesOfHex(hex)).map((scanned) =>
    scanned.is === 'frame' ? begin(address).hear(scanned.frame) : scanned,
  )

test('a meter is asked for a block, and its answer says where the block begins', () => {
  expect(hexOf(begin('17', { function: 3, from: 0x6b, count: 3 }).request)).toBe('1103006B00037687')
  expect(heard('1', '01 04 04 43 66 33 34 1B 38')).toEqual([
    { is: 'answer', message: { from: 0, words: Uint16Array.of(0x4366, 0x3334) } },
  ])
})

test('our own question, heard back, and another meter’s answer are no answers', () => {
  expect(heard('1', hexOf(begin('1').request))).toMatchObject([{ is: 'ignored' }])
  expect(heard('2', '01 04 04 43 66 33 34 1B 38')).toMatchObject([{ is: 'ignored' }])
})

test.for([
  ['01 84 02 C2 C1', 'not-supported'],
  ['01 84 01 82 C0', 'device-fault'],
  ['01 84 04 42 C3', 'device-fault'],
  ['01 84 06 C3 02', 'device-fault'],
] as const)('the exception %s is %s', ([hex, why]) => {
  expect(heard('1', hex)).toEqual([{ is: 'refused', why }])
})

test.for(['0', '249', '01', '1000', '1 ', 'eleven', '', undefined])('%o is no unit number', (address) => {
  expect(modbusRtuWire.addressProblem(address)).toMatch(/unit number/)
})
test.for(['1', '17', '247', '248'])('%s is one', (address) => {
  expect(modbusRtuWire.addressProblem(address)).toBeUndefined()
})

test('3.5 characters at 1200 baud fit between two questions and into a pause', () => {
  const charactersMs = (3.5 * 11 * 1_000) / 1_200
  expect(modbusRtuWire.timing.turnRound).toBeGreaterThan(charactersMs)
  expect(modbusRtuWire.timing.gapMax).toBeGreaterThan(charactersMs)
  expect(modbusRtuWire.timing.wholeWithin).toBeGreaterThan((256 * 11 * 1_000) / 1_200 + 1_000)
})

const told = (id: string, hex: string) => {
  const profile = profileById(id)
  if (!profile) throw new Error(`no profile ${id}`)
  return tellWithProfile(profile, { bytes: bytesOfHex(hex), topic: '' })
}

test('of a captured answer the register is guessed: the block of that length, or the first', async () => {
  expect(await told('eastron/sdm120', '01 04 04 43 66 33 34 1B 38')).toMatchObject([
    { is: 'told', frame: { unit: 1, function: 4 }, readings: [{ point: 'voltage', reading: reading(230.20001) }] },
  ])
  const second = '01 04 0C 42 48 00 00 44 79 C0 00 3F 00 00 00 E2 FE'
  expect(await told('eastron/sdm120', second)).toMatchObject([
    {
      readings: [
        { point: 'frequency', reading: reading(50) },
        { point: 'active-energy', reading: reading(999) },
        { point: 'active-energy-reverse', reading: reading(0.5) },
      ],
    },
  ])
})

test('a captured question and an exception are told, and are no readings', async () => {
  expect(await told('eastron/sdm120', '01 04 00 00 00 02 71 CB')).toMatchObject([{ frame: { count: 2 }, readings: [] }])
  expect(await told('eastron/sdm120', '01 84 02 C2 C1')).toMatchObject([{ frame: { exception: 2 }, readings: [] }])
})

test('a monitor tells all it measures in one answer, its energy in kWh', async () => {
  const hex = 'F8 04 14 08 D3 00 23 00 00 00 05 00 00 00 02 00 00 01 F5 00 06 00 00 F8 BE'
  const [one] = await told('peacefair/pzem-004t-v3', hex)
  expect(one?.is === 'told' && one.readings.map(({ point, reading: read }) => [point, read])).toEqual([
    ['voltage', reading(225.9)],
    ['current', reading(0.035)],
    ['active-power', reading(0.5)],
    ['active-energy', reading(0.002)],
    ['frequency', reading(50.1)],
    ['power-factor', reading(0.06)],
  ])
})

test('half of an answer that is asked for in one question is no reading', () => {
  const profile = profileById('eastron/sdm120')
  if (profile?.driver !== 'modbus-rtu') throw new Error('the profile speaks another protocol')
  expect(profile.decode({ from: 0x48, words: Uint16Array.of(0x7fc0, 0) }, {}).readings).toEqual({
    'active-energy': absent('invalid'),
  })
  expect(() => profile.decode({ from: 0x48, words: Uint16Array.of(0x7fc0) }, {})).toThrow(/cut off/)
})
