import { millis, parseInstant } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { expect, test } from 'vitest'
import { FallRadar } from './radar.ts'
import { encodeFrame, FALL, PRESENCE } from './wire.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase()

test('frames are those that were seen on hardware', () => {
  expect(hex(encodeFrame(0, FALL, [1]))).toBe('01000000010E02F301FE')
  expect(hex(encodeFrame(0, FALL, [0]))).toBe('01000000010E02F300FF')
  expect(hex(encodeFrame(0, PRESENCE, [1]))).toBe('01000000010F09F901FE')
  // The set-height command has four bytes of data and a printed pair of checksums of its own.
  expect(hex(encodeFrame(0, 0x0e04, [0, 0, 0x20, 0x40]))).toBe('01000000040E04F0000020409F')
})

test('it reports every second, and a fall at once', async () => {
  const clock = new VirtualClock(parseInstant('2026-03-09T12:00:00.000Z'))
  let present = true
  const said: string[] = []
  const radar = new FallRadar({ clock, present: () => present, say: (frame) => said.push(hex(frame)) })
  radar.start()
  await clock.pass(millis(999))
  expect(said).toEqual([])
  await clock.pass(millis(1))
  expect(said.splice(0)).toEqual(['01000000010F09F901FE', '01000100010E02F200FF'])

  present = false
  await clock.pass(millis(1_000))
  expect(said.splice(0).map((frame) => frame.slice(-4))).toEqual(['00FF', '00FF'])

  radar.setFallen(true)
  radar.setFallen(true) // lying there is one fall
  expect(said.splice(0).map((frame) => frame.slice(-4))).toEqual(['01FE', '01FE']) // and whoever lies there is present

  radar.setFallen(false)
  expect(said.splice(0)).toHaveLength(2)
  radar.stop()
  await clock.pass(millis(10_000))
  expect(said).toEqual([])
})

test('the frame number wraps instead of growing out of its field', async () => {
  const clock = new VirtualClock(parseInstant('2026-03-09T12:00:00.000Z'))
  let last = ''
  const lengths = new Set<number>()
  const say = (frame: Uint8Array) => {
    last = hex(frame)
    lengths.add(frame.length)
  }
  const radar = new FallRadar({ clock, present: () => true, say, reportEvery: millis(1) })
  radar.start()
  await clock.pass(millis(32_768))
  expect(last.slice(0, 6)).toBe('01FFFF')
  await clock.pass(millis(1))
  expect(last.slice(0, 6)).toBe('010001')
  expect([...lengths]).toEqual([10])
})
