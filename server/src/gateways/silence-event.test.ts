import { eventId, gatewayId, instant } from '@anju/contract'
import { expect, test } from 'vitest'
import { silenceEvent } from './silence-event.ts'

const gateway = gatewayId('gw-one')
const at = instant(Date.parse('2026-03-01T08:00:00Z'))

const id = (...said: Parameters<typeof silenceEvent>) => eventId(silenceEvent(...said).message.id)

test('a silence is a technical event of the gateway’s own placement, at the moment it was due', () => {
  expect(silenceEvent(gateway, 3, 'raised', at).message).toMatchObject({
    type: 'anju.gateway-silent',
    subject: 'gw-one',
    time: '2026-03-01T08:00:00.000Z',
    data: { class: 'technical', lane: 'technical', boot: 3, phase: 'raised' },
  })
})

test('its id follows from what it says: said twice it is one event', () => {
  expect(id(gateway, 3, 'raised', at)).toBe(id(gateway, 3, 'raised', at))
  const others = [
    id(gateway, 3, 'returned', at),
    id(gatewayId('gw-two'), 3, 'raised', at),
    id(gateway, 3, 'raised', instant(at + 1)),
  ]
  expect(new Set([id(gateway, 3, 'raised', at), ...others]).size).toBe(4)
})
