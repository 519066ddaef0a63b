import { type CentreId, eventId, type HomeId, instant } from '@anju/contract'
import { expect, test } from 'vitest'
import { type OwnWord, ownEvent } from './own-word.ts'

const silence: OwnWord = {
  type: 'gateway-silent',
  home: 'home-1' as HomeId,
  centre: 'east' as CentreId,
  placement: 'gw-one',
  device: 'gw-one',
  phase: 'raised',
  at: instant(Date.parse('2026-03-01T08:00:00Z')),
  urgent: true,
}
const id = (more: Partial<OwnWord> = {}) => eventId(ownEvent({ ...silence, ...more }).message.id)

test('a silence is a technical event of the gateway’s own placement, at the moment it was due, and no gateway’s word', () => {
  expect(ownEvent(silence)).toMatchObject({
    gateway: 'centre',
    message: {
      type: 'anju.gateway-silent',
      subject: 'gw-one',
      time: '2026-03-01T08:00:00.000Z',
      data: { class: 'technical', lane: 'technical', boot: 0, phase: 'raised' },
    },
    own: { home: { home: 'home-1', centre: 'east' }, urgent: true },
  })
})

test('its id follows from what it says: said twice it is one event', () => {
  expect(id()).toBe(id())
  const others = [
    id({ phase: 'returned' }),
    id({ placement: 'gw-two' }),
    id({ home: 'home-2' as HomeId }),
    id({ type: 'heartbeat-late' }),
    id({ at: instant(silence.at + 1) }),
  ]
  expect(new Set([id(), ...others]).size).toBe(6)
})
