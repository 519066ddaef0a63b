import { hours, reading } from '@anju/contract'
import { announces, notifies, shellyDevice } from '../../protocols/shelly-gen2/device.ts'
import { isPushed, sosWhen } from '../../protocols/shelly-gen2/pushes.ts'
import { defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'
import { inputState } from './codec.ts'

const pushes = announces('shellyplusi4-a8032ab0c018')
const says = notifies('shellyplusi4-a8032ab0c018')
const states = publishedOn('shellyplusi4-a8032ab0c018')

export default defineProfile({
  id: 'shelly/gen2-input',
  name: 'Wired SOS button on an input of a Shelly',
  driver: 'mqtt',
  topic: 'SHELLY-ID',
  models: ['SNSN-0024X', 'S3SN-0024X', 'SNSN-0D24X', 'SNSW-001X16EU', 'S3SW-001X8EU'],
  supervision: { reportEvery: hours(1), lostAfter: hours(4) },
  measures: { held: { quantity: 'switched-on', name: 'Input closed' } },
  events: { 'sos-pressed': { class: 'life', from: 'edge' } },
  options: { input: { name: 'number of the input, from 0', pattern: '[0-9]', required: false } },
  walkTest: { do: 'Press the button, or pull the cord, once.', proves: 'sos-pressed' },
  wiring: [
    'A pull cord or push button between the input and L (i4 DC: and +); the input is set to type button.',
    'It says nothing by itself while nobody presses: let a script on it publish its status/sys once an hour.',
  ],
  decode: shellyDevice({
    points: [],
    words: { held: inputState },
    events: (told, { input = '0' }) => sosWhen(isPushed(told, `input:${input}`)),
  }),
  examples: [
    {
      when: 'pressed',
      input: pushes([
        { component: 'input:0', id: 0, event: 'btn_up' },
        { component: 'input:0', id: 0, event: 'single_push' },
      ]),
      reads: {},
      events: ['sos-pressed'],
    },
    {
      when: 'held',
      input: pushes([{ component: 'input:0', id: 0, event: 'long_push' }]),
      reads: {},
      events: ['sos-pressed'],
    },
    { when: 'on its way down', input: pushes([{ component: 'input:0', id: 0, event: 'btn_down' }]), reads: {} },
    { when: 'another input', input: pushes([{ component: 'input:2', id: 2, event: 'single_push' }]), reads: {} },
    {
      when: 'the third input, where the cord hangs',
      options: { input: '2' },
      input: pushes([{ component: 'input:2', id: 2, event: 'double_push' }]),
      reads: {},
      events: ['sos-pressed'],
    },
    {
      when: 'set up anew',
      input: pushes([{ component: 'input:0', id: 0, event: 'config_changed', cfg_rev: 35 }]),
      reads: {},
    },
    {
      when: 'its state after a reconnect is no push',
      input: says({ 'input:0': { id: 0, state: true } }, { method: 'NotifyFullStatus' }),
      reads: { held: reading(1) },
    },
    { when: 'the hourly sign of life', input: states({ uptime: 7_200 }, { under: 'status/sys' }), reads: {} },
    { when: 'its last will', input: states('false', { under: 'online' }), reads: {} },
    { when: 'cut off', input: states('{"src":"shelly', { under: 'events/rpc' }), fails: 'payload-malformed' },
  ],
})
