import { expect, test } from 'vitest'
import { tellEvent, vayyarCare } from './tell.ts'

const fall = (payload: object, type = 5) => ({ type, payload: { timestamp: 1_768_397_944_445, ...payload } })
const read = (message: unknown, topic = '/devices/id_1/events') =>
  vayyarCare.read({ topic, bytes: new TextEncoder().encode(JSON.stringify(message)) })

test.for([
  ['fall_detected', ['fall-suspected'], 0],
  ['fall_confirmed', ['fall-detected'], 1],
  ['fall confirmed', ['fall-detected'], 1],
  ['calling', ['fall-detected'], 1],
  ['on_call', ['fall-detected'], 1],
  ['finished', ['fall-cleared'], 0],
  ['fall_exit', ['fall-cleared'], 0],
  ['canceled', ['fall-cleared'], 0],
] as const)('%s', ([status, events, value]) => {
  expect(read(fall({ status }))).toMatchObject([{ events, readings: [{ point: 'fall', reading: { value } }] }])
})

test('a sensitive fall that is calling is a fall; a status that is not known is no reading of one', () => {
  expect(read(fall({ status: 'calling' }, 8))).toMatchObject([{ events: ['fall-detected'] }])
  expect(read(fall({ status: 'constructor' }))).toMatchObject([
    { events: [], readings: [{ reading: { why: 'invalid' } }] },
  ])
})

test.for([
  ['isSimulated', ['test']],
  ['isLearning', []],
  ['isSilent', []],
] as const)('%s is told and raises no alarm', ([flag, events]) => {
  expect(read(fall({ status: 'calling', [flag]: true }))).toMatchObject([
    { frame: { suppressed: [flag] }, events, readings: [] },
  ])
})

test('the table of types is data', () => {
  const message = { type: 1, payload: { status: 'calling' } }
  expect(tellEvent('a', message, { 1: 'fall' })).toMatchObject({ events: ['fall-detected'] })
  expect(read(message)).toMatchObject([{ frame: { kind: null }, events: [] }])
})

test('refused: no type, no payload, no JSON', () => {
  for (const message of [{}, { type: 5 }, { payload: {} }, 'x', null])
    expect(read(message)).toMatchObject([{ is: 'refused' }])
})
