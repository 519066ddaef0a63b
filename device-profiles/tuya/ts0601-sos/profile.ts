import { absent, reading } from '@anju/contract'
import { sosButton, sosDecoder } from '../../protocols/zigbee2mqtt/sos-button.ts'
import { batteryLow, defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'

const says = publishedOn('zigbee2mqtt/bedroom button')

export default defineProfile({
  id: 'tuya/ts0601-sos',
  name: 'SOS button TS0601',
  models: ['TS0601_sos', '_TZE284_2baujqot'],
  ...sosButton,
  // Its battery is to be changed early: an empty one presses by itself.
  events: { ...sosButton.events, ...batteryLow('battery', 25, 40) },
  wiring: [
    'Within reach of somebody who lies on the floor; a pendant is worn, also in the bathroom.',
    'Near a Zigbee router that is always on, so that it need not come back to its network.',
    'Prefer a TS0215A button where there is a choice: this one may call by itself.',
  ],
  knownFaults: [
    {
      firmware: 'any',
      fault:
        'Its emergency is a latched state without a reset: it may say emergency by itself when it comes back to its network. Within two seconds of the announcement somebody is asked instead (decision 9).',
    },
    {
      firmware: 'any',
      fault: 'It may say emergency by itself, again and again, when its battery is empty (a battery of 0).',
    },
  ],
  // Whether nobody pressed cannot be told from the message: a press it is, also with an empty battery.
  decode: sosDecoder({ emergency: 'sos-pressed' }),
  examples: [
    {
      when: 'pressed, with the time of an installation in China',
      input: says('{"action":"emergency","battery":100,"last_seen":"2026-04-17T23:33:22+08:00","linkquality":18}'),
      reads: { battery: reading(100), 'link-quality': reading(18) },
      events: ['sos-pressed'],
    },
    {
      when: 'the empty action after a press',
      input: says('{"action":"","battery":100,"last_seen":"2026-04-17T23:33:22+08:00","linkquality":18}'),
      reads: { battery: reading(100), 'link-quality': reading(18) },
    },
    {
      when: 'just before it is announced: no press yet',
      input: says('{"action":null,"battery":100,"last_seen":"2026-04-17T23:33:17+08:00","linkquality":14}'),
      reads: { battery: reading(100), 'link-quality': reading(14) },
    },
    {
      when: 'by itself or not, with an empty battery: it is a press',
      input: says('{"action":"emergency","battery":0,"linkquality":176}'),
      reads: { battery: reading(0), 'link-quality': reading(176) },
      events: ['sos-pressed'],
    },
    {
      when: 'pressed before the battery was ever reported',
      input: says('{"action":"emergency","battery":null}'),
      reads: { battery: absent('not-reported') },
      events: ['sos-pressed'],
    },
    {
      when: 'the same press as text',
      input: says('emergency', { under: 'action' }),
      reads: {},
      events: ['sos-pressed'],
    },
    { when: 'the bridge no longer hears it', input: says({ state: 'offline' }, { under: 'availability' }), reads: {} },
    { when: 'an action of another button', input: says('{"action":"single"}'), fails: 'payload-malformed' },
    { when: 'cut off', input: says('{"action":"emerg'), fails: 'payload-malformed' },
  ],
})
