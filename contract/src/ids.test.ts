import { describe, expect, test } from 'vitest'
import { alarmId, eventId, gatewayId, leaseToken, placementId, profileId, SERIES_PATTERN, sessionId } from './ids.ts'

const malformed = expect.objectContaining({ code: 'id-malformed' }) as Error

describe('a slug', () => {
  test.for(['a', '7', 'home-1', 'gw-0001', 'a--b', 'x'.repeat(64)])('%s is one', (text) => {
    expect(gatewayId(text)).toBe(text)
    expect(placementId(text)).toBe(text)
  })
  test.for(['', '-a', 'a-', 'A', 'a/b', 'a+b', 'a#', 'a b', 'ä', 'a\n', 'a\u0000', '../etc', 'x'.repeat(65)])(
    '%o is none',
    (text) => {
      expect(() => gatewayId(text)).toThrow(malformed)
      expect(() => placementId(text)).toThrow(malformed)
    },
  )
})

describe('a ULID', () => {
  test.for(['01JQ5E7M8N9P0Q1R2S3T4V5W6X', '00000000000000000000000000', '7ZZZZZZZZZZZZZZZZZZZZZZZZZ'])(
    '%s is one',
    (text) => {
      expect(eventId(text)).toBe(text)
      expect(alarmId(text)).toBe(text)
    },
  )
  test.for([
    '8ZZZZZZZZZZZZZZZZZZZZZZZZZ', // more than 128 bits
    '01jq5e7m8n9p0q1r2s3t4v5w6x',
    '01JQ5E7M8N9P0Q1R2S3T4V5W6',
    '01JQ5E7M8N9P0Q1R2S3T4V5W6XX',
    '01JQ5E7M8N9P0Q1R2S3T4V5W6I',
    '01JQ5E7M8N9P0Q1R2S3T4V5W6U',
    '',
  ])('%s is none', (text) => {
    expect(() => eventId(text)).toThrow(malformed)
  })
})

test('the other ids have shapes of their own', () => {
  expect(profileId('tuya/ts0215a-sos')).toBe('tuya/ts0215a-sos')
  for (const text of ['tuya', 'tuya/', '/x', 'a/b/c', 'Tuya/x']) expect(() => profileId(text)).toThrow(malformed)
  expect(sessionId('123e4567-e89b-12d3-a456-426614174000')).toMatch(/^123e/)
  for (const text of ['123E4567-E89B-12D3-A456-426614174000', '123e4567', ''])
    expect(() => sessionId(text)).toThrow(malformed)
  expect(leaseToken('42')).toBe('42')
  for (const text of ['', '-1', '1.5', '1e3', '1'.repeat(16)]) expect(() => leaseToken(text)).toThrow(malformed)
})

test('the error never carries more of the text than a log line can bear', () => {
  expect(() => gatewayId('/'.repeat(10_000))).toThrow(
    expect.objectContaining({ detail: { what: 'gateway id', text: '/'.repeat(80) } }) as Error,
  )
})

test('a series is a placement and a point', () => {
  const shape = new RegExp(SERIES_PATTERN)
  for (const text of ['meter/voltage', 'a/b', `${'x'.repeat(64)}/y`]) expect(text).toMatch(shape)
  for (const text of ['meter', 'meter/', '/voltage', 'a/b/c', 'a-/b', 'a/-b', 'A/b', 'a/b\n'])
    expect(text).not.toMatch(shape)
})
