import { seededRandom } from '@anju/contract'
import { expect, test } from 'vitest'
import { SosButton } from './button.ts'

const button = () => new SosButton({ friendlyName: 'bathroom button', random: seededRandom(1) })

test('a press is the action and then the empty action, on the friendly name, not retained', () => {
  const [pressed, released] = button().press()
  expect(pressed).toMatchObject({ topic: 'zigbee2mqtt/bathroom button', qos: 1, retain: false })
  expect(JSON.parse(pressed.payload)).toEqual({ action: 'emergency', battery: 80, linkquality: expect.any(Number) })
  expect(JSON.parse(released.payload)).toMatchObject({ action: '', battery: 80 })
})

test('a check-in presses nothing', () => {
  const message = JSON.parse(button().checkIn().payload) as Record<string, unknown>
  expect(Object.keys(message).sort()).toEqual(['battery', 'linkquality'])
  expect(message['linkquality']).toBeGreaterThan(0)
})
