import { absent, type EventType, hours, reading } from '@anju/contract'
import { batteryLow, type Example } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'
import { zigbeeDevice } from './device.ts'

/** What Zigbee buttons that call for help have in common; a profile that differs in one of these writes its own below it. */
export const sosButton = {
  driver: 'mqtt',
  topic: 'zigbee2mqtt/NAME',
  // A battery button wakes by itself every few hours; three missed wakes and an hour of grace stay below a day.
  supervision: { reportEvery: hours(6), lostAfter: hours(19) },
  measures: {
    battery: { quantity: 'battery-level', name: 'Battery level' },
    'link-quality': { quantity: 'link-quality', name: 'Link quality' },
  },
  events: { 'sos-pressed': { class: 'life', from: 'edge' }, ...batteryLow('battery') },
  walkTest: { do: 'Press the button once.', proves: 'sos-pressed' },
} as const

/** A decoder of these measures, and of the words that the button has. */
export const sosDecoder = (actions: Readonly<Record<string, EventType | null>>) =>
  zigbeeDevice({ points: ['battery', 'link-quality'], actions })

/** Whoever presses an emergency button means it, however long and often. */
export const anyPress = { single: 'sos-pressed', double: 'sos-pressed', hold: 'sos-pressed' } as const

const says = publishedOn('zigbee2mqtt/hall button')
const examples: readonly Example<'mqtt', keyof typeof sosButton.measures>[] = [
  {
    when: 'pressed',
    input: says({ action: 'single', battery: 51.5, linkquality: 192 }),
    reads: { battery: reading(51.5), 'link-quality': reading(192) },
    events: ['sos-pressed'],
  },
  { when: 'pressed twice', input: says({ action: 'double' }), reads: {}, events: ['sos-pressed'] },
  { when: 'held', input: says({ action: 'hold' }), reads: {}, events: ['sos-pressed'] },
  { when: 'pressed, as text', input: says('single', { under: 'action' }), reads: {}, events: ['sos-pressed'] },
  {
    when: 'announced again: nothing is known of the battery',
    input: says({ action: null, battery: null }),
    reads: { battery: absent('not-reported') },
  },
  { when: 'the bridge no longer hears it', input: says({ state: 'offline' }, { under: 'availability' }), reads: {} },
  { when: 'an action of another button', input: says({ action: 'single_left' }), fails: 'payload-malformed' },
  { when: 'cut off', input: says('{"action":"sin'), fails: 'payload-malformed' },
]

/** A button of the bridge's usual three words for a press. */
export const anyPressButton = {
  ...sosButton,
  wiring: ['Within reach of somebody who lies on the floor, or worn.'],
  decode: sosDecoder(anyPress),
  examples,
} as const
