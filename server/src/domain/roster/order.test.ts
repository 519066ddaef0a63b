import { parseInstant } from '@anju/contract'
import { CHANNELS, type Channel } from '@anju/contract/api'
import { describe, expect, test } from 'vitest'
import { addressOn, shownAddress } from './address.ts'
import { weeklyOf } from './hours.ts'
import { type ContactInOrder, contactAt, distanceKm, inTurn, type ResponderInOrder, respondersFor } from './order.ts'
import { isReachable, living, type Way } from './ways.ts'

const night = { at: parseInstant('2026-05-05T03:00:00+08:00'), timeZone: 'Asia/Shanghai', keepsHours: false }
const daytime = [weeklyOf({ days: [1, 2, 3, 4, 5, 6, 7], from: '08:00', to: '22:00' })]

const contact = (name: string, more: Partial<ContactInOrder> = {}) => ({
  name,
  role: 'family' as const,
  hours: null,
  withdrawn: false,
  withdrawnBefore: false,
  ...more,
})
const responder = (id: string, more: Partial<ResponderInOrder> = {}): ResponderInOrder => ({
  id,
  kind: 'staff',
  zone: '',
  hours: null,
  withdrawn: false,
  base: null,
  ...more,
})
const way = (channel: Way['channel'], address: string, dead = false): Way => ({ channel, address, dead })

describe('contacts', () => {
  const son = contact('son')
  const neighbour = contact('neighbour', { role: 'neighbour' })
  const daughter = contact('daughter', { hours: daytime })
  const all = [son, neighbour, daughter]

  test.for([
    { wanted: { position: 1 }, is: 'son' },
    { wanted: { position: 2 }, is: 'neighbour' },
    { wanted: { position: 2, role: 'family' as const }, is: 'daughter' },
    { wanted: { position: 1, role: 'neighbour' as const }, is: 'neighbour' },
    { wanted: { position: 1, role: 'key-holder' as const }, is: undefined },
    { wanted: { position: 4 }, is: undefined },
  ])('$wanted is $is', ({ wanted, is }) => {
    expect(contactAt(all, wanted, night)?.name).toBe(is)
  })
  test('who may not be told is never asked, and nobody moves into their place', () => {
    const withdrawn = [contact('son', { withdrawn: true }), neighbour, daughter]
    expect(contactAt(withdrawn, { position: 1 }, night)).toBeUndefined()
    expect(contactAt(withdrawn, { position: 2 }, night)?.name).toBe('neighbour')
  })
  test('quiet hours hold for what can wait, never for a life', () => {
    expect(contactAt(all, { position: 3 }, night)?.name).toBe('daughter')
    expect(contactAt(all, { position: 3 }, { ...night, keepsHours: true })).toBeUndefined()
    const noon = { ...night, at: parseInstant('2026-05-05T12:00:00+08:00'), keepsHours: true }
    expect(contactAt(all, { position: 3 }, noon)?.name).toBe('daughter')
  })
})

describe('responders', () => {
  const home = { area: '130203001002', place: { latitude: 39.63, longitude: 118.18 } }
  const ids = (
    given: readonly ResponderInOrder[],
    whither: Parameters<typeof respondersFor>[1] = home,
    moment = night,
  ) => respondersFor(given, whither, moment).map(({ id }) => id)

  test('the narrowest zone first, then the kind, then the way', () => {
    const far = responder('far', { zone: '130203001', base: { latitude: 39.7, longitude: 118.3 } })
    const near = responder('near', { zone: '130203001', base: { latitude: 39.631, longitude: 118.181 } })
    const unknown = responder('unknown-base', { zone: '130203001' })
    const volunteer = responder('volunteer', { zone: '130203001', kind: 'volunteer', base: near.base })
    const city = responder('city', { zone: '1302' })
    const everywhere = responder('everywhere')
    const elsewhere = responder('elsewhere', { zone: '1303' })
    expect(ids([everywhere, city, elsewhere, volunteer, unknown, far, near])).toEqual([
      'near',
      'far',
      'unknown-base',
      'volunteer',
      'city',
      'everywhere',
    ])
  })
  test('a home without an area is only for who goes everywhere', () => {
    expect(ids([responder('city', { zone: '1302' }), responder('all')], { area: null, place: null })).toEqual(['all'])
  })
  test('who is off duty comes last for a life, and not at all for what can wait', () => {
    const off = responder('off', { zone: '130203001', hours: daytime })
    const on = responder('on')
    expect(ids([off, on])).toEqual(['on', 'off'])
    expect(ids([off, on], home, { ...night, keepsHours: true })).toEqual(['on'])
  })
  test('who the resident does not want to come is not asked', () => {
    expect(ids([responder('unwanted', { withdrawn: true })])).toEqual([])
  })
  test.for([0, 1, 2, 3, 4, 7, 10])('of %i everybody has had their turn after as many rounds as it takes', (count) => {
    const all = Array.from({ length: count }, (_, nth) => nth)
    const rounds = Array.from({ length: Math.max(1, Math.ceil(count / 3)) }, (_, round) =>
      inTurn(all, round, 3).map(({ one }) => one),
    )
    expect(new Set(rounds.flat())).toEqual(new Set(all))
    expect(rounds.every((asked) => asked.length === Math.min(3, count) && new Set(asked).size === asked.length)).toBe(
      true,
    )
    expect(rounds[0]).toEqual(all.slice(0, 3))
  })
  test.for([2, 3, 4, 6, 7, 9])('of %i each one’s own turns are counted, whatever the rounds between them', (count) => {
    const all = Array.from({ length: count }, (_, nth) => nth)
    const rounds = Array.from({ length: 12 }, (_, round) => inTurn(all, round, 3)).flat()
    for (const one of all) {
      const own = rounds.filter((asked) => asked.one === one).map(({ turn }) => turn)
      expect(own).toEqual(own.map((_, nth) => nth))
    }
  })
  test('distance is measured over the ground', () => {
    const [beijing, shanghai] = [
      { latitude: 39.9, longitude: 116.4 },
      { latitude: 31.23, longitude: 121.47 },
    ]
    expect(distanceKm(beijing, shanghai)).toBeCloseTo(1_067, -1)
    expect(distanceKm(beijing, beijing)).toBe(0)
  })
})

describe('ways', () => {
  test('keep their own order, without those that are dead', () => {
    const ways = [way('voice', '1'), way('sms', '2', true), way('sms', '3')]
    expect(living(ways).map(({ address }) => address)).toEqual(['1', '3'])
    expect([
      isReachable(ways, ['sms']),
      isReachable(ways, ['email']),
      isReachable([way('sms', '2', true)], ['sms']),
    ]).toEqual([true, false, false])
  })

  const names = new Map<Channel, string[]>([
    ['webhook', ['county-centre']],
    ['wecom', ['night-shift', 'day-shift']],
  ])
  test.for([
    ['sms', '138 0000 0001', '13800000001'],
    ['voice', '+86 138-0000-0001', '13800000001'],
    ['voice', '8613800000001', '13800000001'],
    ['sms', '+44 7700 900123', '+447700900123'],
    ['voice', '+86 315 2800000', '+863152800000'],
    ['email', 'someone@example.org', 'someone@example.org'],
    ['webhook', ' county-centre', 'county-centre'],
    ['wecom', 'night-shift', 'night-shift'],
    ['wechat', 'oa:oABCDEFGHIJKLMNOPQRSTUVWXYZ0', 'oa:oABCDEFGHIJKLMNOPQRSTUVWXYZ0'],
    ['wechat', 'mp:mABCDEFGHIJKLMNOPQRSTUVWXYZ0', 'mp:mABCDEFGHIJKLMNOPQRSTUVWXYZ0'],
  ] as const)('%s takes %s, and keeps %s', ([channel, typed, address]) => {
    expect(addressOn(channel, typed, { names })).toEqual({ ok: true, address })
  })
  test.for([
    ['sms', '12345', /area code/],
    ['voice', '62345678', /begins with \+/],
    ['sms', '+86 315 2800000', /landline/],
    ['voice', '13800000001;ext=1', /area code/],
    ['email', 'someone@localhost', /no e-mail/],
    ['email', 'a@b.org, c@d.org', /no e-mail/],
    ['webhook', 'county-center', /^must be one of county-centre$/],
    ['webhook', 'https://centre.example/hook?key=1', /^must be one of/],
    ['wecom', 'nigth-shift', /^must be one of night-shift, day-shift$/],
    ['dingtalk', 'night-shift', /^none is configured for this channel$/],
    ['wechat', 'oABCDEFGHIJKLMNOPQRSTUVWXYZ0', /oa: or mp:/],
    ['wechat', 'oa:short', /open id/],
    ['push', '{"endpoint":"http://push.example","keys":{"p256dh":"a","auth":"b"}}', /push subscription/],
    ['push', 'null', /push subscription/],
    ['console', 'seat-4', /shift/],
  ] as const)('%s does not take %s', ([channel, typed, why]) => {
    expect(addressOn(channel, typed, { names })).toEqual({ ok: false, why: expect.stringMatching(why) })
  })
  test('a browser’s subscription is taken as it is', () => {
    const text = '{"endpoint":"https://push.example/x","keys":{"p256dh":"a","auth":"b"}}'
    expect(addressOn('push', text, { names })).toEqual({ ok: true, address: text })
  })
  test('what is a secret of its owner is not shown', () => {
    const shown = CHANNELS.filter((channel) =>
      shownAddress(channel, 'https://robot.example/key=abcd').includes('robot'),
    )
    expect(shown).toEqual(['console', 'sms', 'voice', 'email'])
    expect(shownAddress('webhook', 'https://robot.example/key=abcd')).toBe('••••abcd')
    expect(shownAddress('wecom', 'night-shift')).toBe('night-shift')
  })
})
