import { absent, reading } from '@anju/contract'
import { sosButton, sosDecoder } from '../../protocols/zigbee2mqtt/sos-button.ts'
import { defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'

const says = publishedOn('zigbee2mqtt/bathroom button')

export default defineProfile({
  id: 'tuya/ts0215a-sos',
  name: 'SOS button TS0215A',
  models: ['TS0215A_sos', 'BT400B', 'R7052', 'ZBPB10BK'],
  ...sosButton,
  wiring: ['Within reach of somebody who lies on the floor; a pendant is worn, also in the bathroom.'],
  // The button knows one word.
  decode: sosDecoder({ emergency: 'sos-pressed' }),
  examples: [
    {
      when: 'pressed',
      input: says('{"action":"emergency","battery":80,"linkquality":18}'),
      reads: { battery: reading(80), 'link-quality': reading(18) },
      events: ['sos-pressed'],
    },
    {
      when: 'pressed before the battery was ever reported',
      input: says('{"action":"emergency","battery":null,"linkquality":90}'),
      reads: { battery: absent('not-reported'), 'link-quality': reading(90) },
      events: ['sos-pressed'],
    },
    {
      when: 'pressed, an old bridge that sends the battery as text',
      input: says('{"action":"emergency","battery":"77.5"}'),
      reads: { battery: reading(77.5) },
      events: ['sos-pressed'],
    },
    {
      when: 'pressed, battery unreadable: the alarm still passes',
      input: says('{"action":"emergency","battery":"full"}'),
      reads: { battery: absent('invalid') },
      events: ['sos-pressed'],
    },
    {
      when: 'the empty action after a press',
      input: says('{"action":"","battery":100,"linkquality":18}'),
      reads: { battery: reading(100), 'link-quality': reading(18) },
      events: [],
    },
    {
      when: 'announced again after the bridge restarted',
      input: says('{"action":null,"battery":80}'),
      reads: { battery: reading(80) },
      events: [],
    },
    {
      when: 'only a sign of life',
      input: says('{"linkquality":42}'),
      reads: { 'link-quality': reading(42) },
      events: [],
    },
    {
      when: 'the same press as text',
      input: says('emergency', { under: 'action' }),
      reads: {},
      events: ['sos-pressed'],
    },
    { when: 'the empty action as text', input: says('', { under: 'action' }), reads: {}, events: [] },
    {
      when: 'a friendly name that ends like a topic of the bridge',
      input: publishedOn('zigbee2mqtt/hall/action')('{"action":"emergency"}'),
      reads: {},
      events: ['sos-pressed'],
    },
    {
      when: 'the bridge no longer hears it',
      input: says('{"state":"offline"}', { under: 'availability' }),
      reads: {},
      events: [],
    },
    { when: 'an action of another button', input: says('{"action":"single_left"}'), fails: 'payload-malformed' },
    { when: 'an action that is no text', input: says('{"action":true}'), fails: 'payload-malformed' },
    { when: 'cut off', input: says('{"action":"emerg'), fails: 'payload-malformed' },
    { when: 'a list', input: says('["emergency"]'), fails: 'payload-malformed' },
    { when: 'empty', input: says(''), fails: 'payload-malformed' },
  ],
})
