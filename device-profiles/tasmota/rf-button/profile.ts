import { hours } from '@anju/contract'
import { RF_CODE, radioBehindTasmota } from '../../protocols/tasmota/device.ts'
import { defineProfile } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'

const says = publishedOn('tele/rfbridge')
const hears = (Data: string) =>
  says(
    { Time: '2026-03-09T21:47:05', RfReceived: { Sync: 10280, Low: 340, High: 1010, Data, RfKey: 'None' } },
    { under: 'RESULT' },
  )
const options = { code: '80650A' }

export default defineProfile({
  id: 'tasmota/rf-button',
  name: 'SOS button with a fixed code at 433 MHz, heard by Tasmota',
  driver: 'mqtt',
  topic: 'tele/BRIDGE',
  models: ['EV1527 button', 'PT2262 button', 'Sonoff RF Bridge R2 with Tasmota'],
  // The button itself is never heard between presses; what is watched here is that it is pressed in the daily test.
  supervision: { reportEvery: hours(8), lostAfter: hours(24) },
  measures: {},
  events: { 'sos-pressed': { class: 'life', from: 'edge' } },
  options: { code: RF_CODE },
  walkTest: { do: 'Press the button once, in the farthest corner of the home.', proves: 'sos-pressed' },
  wiring: [
    'Only beside a supervised button: it has no battery warning, no sign of life and a code that anybody can repeat.',
  ],
  knownFaults: [
    { firmware: 'any', fault: 'It is silent between presses, so it counts as silent unless it is pressed once a day.' },
    { firmware: 'stock RF bridge', fault: 'One press is told up to twenty times; those within a second are one.' },
  ],
  decode: radioBehindTasmota({
    points: [],
    events: () => ['sos-pressed'],
  }),
  examples: [
    { when: 'pressed', options, input: hears('80650A'), reads: {}, events: ['sos-pressed'] },
    {
      when: 'pressed, as later versions write it',
      options,
      input: hears('0x80650A'),
      reads: {},
      events: ['sos-pressed'],
    },
    { when: 'another button of the neighbourhood', options, input: hears('7028D2'), reads: {} },
    { when: 'another key of the same button', options, input: hears('806508'), reads: {} },
    { when: 'the bridge itself', options, input: says({ Uptime: '3T05:10:00' }, { under: 'STATE' }), reads: {} },
    { when: 'raw pulses', options, input: says({ RfRaw: { Data: 'AAA055' } }, { under: 'RESULT' }), reads: {} },
    { when: 'the last will of the bridge', options, input: says('Offline', { under: 'LWT' }), reads: {} },
    { when: 'no code', options, input: hears('none'), fails: 'frame-malformed' },
    { when: 'cut off', options, input: says('{"RfRec', { under: 'RESULT' }), fails: 'payload-malformed' },
  ],
})
